import { useEffect, useRef } from 'preact/hooks';
import { weightIndex } from '../connection/frame';
import type { NetworkInfo } from '../protocol/NetworkInfo';
import { isClassification, layerSizes } from '../state/experiment';
import { onFrame } from '../state/picture';
import { diagnosis } from '../state/training';
import { plane, pointed, show, type Neuron } from '../state/view';
import { text } from '../text';
import { css, divergingColor } from '../theme/color';
import { palette, valuePixels } from '../theme/palette';
import type { Editing } from './edgelayer';
import type { Layout } from './layout';
import { neuronName } from './names';
import { NodePainter } from './nodepainter';

interface Props {
  layout: Layout;
  network: NetworkInfo;
  watched: Neuron | undefined;
  onEditBias(editing: Editing): void;
}

/** The neurons. The arrow keys move between them, so that all of them are one stop of the tab key. */
export function NodeLayer({ layout, network, watched, onEditBias }: Props) {
  const root = useRef<HTMLDivElement>(null);
  const colors = palette.value;
  const pixels = valuePixels.value;
  const axes = plane.value;

  useEffect(() => {
    const element = root.current;
    if (!element) return undefined;
    const painter = new NodePainter(element, network, isClassification.peek(), colors, pixels);
    painter.paintInputs(axes);
    const sizes = layerSizes.peek();
    const biases = [...element.querySelectorAll<HTMLElement>('.bias')];
    return onFrame((frame) => {
      painter.paint(frame);
      for (const bias of biases) {
        const value =
          frame.weights[weightIndex(sizes, Number(bias.dataset['layer']), null, Number(bias.dataset['unit']))];
        bias.style.backgroundColor = css(divergingColor(colors, Math.tanh(value)));
      }
    });
  }, [layout, network, colors, pixels, axes?.x, axes?.y]);

  const move = (event: KeyboardEvent): void => {
    const node = event.target as HTMLElement;
    const [column, unit] = [Number(node.dataset['column']), Number(node.dataset['unit'])];
    if (Number.isNaN(column)) return;
    const steps: Record<string, [number, number]> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    };
    const [across, down] = steps[event.key] ?? [0, 0];
    if (across === 0 && down === 0) return;
    event.preventDefault();
    const next = layout.columns[column + across];
    if (!next) return;
    // Sideways to the neuron that is as far down as this one, for its layer.
    const share = layout.columns[column].places.length > 1 ? unit / (layout.columns[column].places.length - 1) : 0;
    const place = across === 0 ? unit + down : Math.round(share * (next.places.length - 1));
    root.current?.querySelector<HTMLElement>(`[data-column="${column + across}"][data-unit="${place}"].node`)?.focus();
  };

  const first = watched
    ? { column: watched.layer + 1, unit: watched.unit }
    : { column: Math.min(1, network.layers.length), unit: 0 };
  return (
    <div ref={root} class="nodes" role="group" aria-label={text.value.network.help} onKeyDown={move}>
      {layout.columns.map((column, index) => (
        <div key={index} class="column">
          {column.places.map(({ x, y }, unit) => (
            <Node
              key={unit}
              column={index}
              unit={unit}
              x={x}
              y={y}
              size={layout.size}
              network={network}
              isWatched={watched?.layer === index - 1 && watched.unit === unit}
              isStop={first.column === index && first.unit === unit}
              onEditBias={onEditBias}
            />
          ))}
          {column.omitted > 0 && (
            <span
              class="omitted"
              style={{ left: `${column.x}px`, top: `${(column.places.at(-1)?.y ?? 0) + layout.size}px` }}
            >
              {text.value.network.more(column.omitted)}
            </span>
          )}
        </div>
      ))}
    </div>
  );
}

interface NodeProps {
  column: number;
  unit: number;
  x: number;
  y: number;
  size: number;
  network: NetworkInfo;
  isWatched: boolean;
  isStop: boolean;
  onEditBias(editing: Editing): void;
}

function Node({ column, unit, x, y, size, network, isWatched, isStop, onEditBias }: NodeProps) {
  const { network: words } = text.value;
  const layer = column - 1;
  const isInput = column === 0;
  const isOutput = column === network.layers.length;
  const state = diagnosis.value?.layers[layer];
  const trouble = state?.dead.includes(unit) ? 'dead' : state?.saturated.includes(unit) ? 'saturated' : undefined;
  const name = neuronName(network, column, unit);
  const label = isInput ? network.inputs[unit] : isOutput ? network.outputs[unit] : undefined;
  const inspect = (): void => {
    if (!isInput) pointed.value = { layer, unit };
  };
  const leave = (): void => {
    pointed.value = undefined;
  };
  const title = trouble ? `${name}: ${words[trouble]}` : name;
  return (
    <div
      class="neuron"
      style={{ left: `${x - size / 2}px`, top: `${y - size / 2}px`, width: `${size}px`, height: `${size}px` }}
    >
      <button
        type="button"
        class="node"
        data-column={column}
        data-unit={unit}
        data-trouble={trouble}
        data-input={isInput}
        aria-label={title}
        aria-pressed={isWatched}
        title={title}
        tabIndex={isStop ? 0 : -1}
        onPointerEnter={inspect}
        onPointerLeave={leave}
        onFocus={inspect}
        onBlur={leave}
        onClick={(event) => {
          event.stopPropagation();
          // An input has neither weights nor a delta of its own to watch.
          if (!isInput) show({ neuron: isWatched ? undefined : { layer, unit } });
        }}
      >
        <canvas width="1" height="1" />
      </button>
      {trouble && size >= 22 && (
        <span class="trouble" data-trouble={trouble} aria-hidden="true">
          {trouble === 'dead' ? '×' : '≈'}
        </span>
      )}
      {!isInput && size >= 22 && (
        <span
          class="bias"
          data-layer={layer}
          data-unit={unit}
          aria-hidden="true"
          title={words.bias}
          onClick={(event) => {
            event.stopPropagation();
            onEditBias({ layer, from: null, to: unit, x: x - size / 2, y: y + size / 2 });
          }}
        />
      )}
      {label !== undefined && (
        <span class={isInput ? 'node-label before' : 'node-label after'} title={label}>
          {label}
        </span>
      )}
    </div>
  );
}

import { useMemo, useRef, useState } from 'preact/hooks';
import { Icon } from '../controls/icon';
import { configured, effective, layerSizes, options, wanted, withHidden } from '../state/experiment';
import { isEmbedded } from '../state/page';
import { configure } from '../state/session';
import { show, watchedNeuron } from '../state/view';
import { text } from '../text';
import { useWidth } from '../theme/size';
import { EdgeLayer, type Editing } from './edgelayer';
import { LayerHeader } from './layerheader';
import { edgeAt, layOut, type Edge } from './layout';
import { NodeLayer } from './nodelayer';
import { WeightEditor } from './weighteditor';
import { WeightTip } from './weighttip';

const HEADER_HEIGHT = 74;
/** What is free at both sides of the name of an input or output. */
const LABEL_GAP = 8;

/** The network: neurons with their maps, and weights as curves between them. */
export function NetworkPanel() {
  const [ref, width] = useWidth<HTMLDivElement>(640);
  const [hovered, setHovered] = useState<Edge | undefined>(undefined);
  const [editing, setEditing] = useState<Editing | undefined>(undefined);
  const picture = useRef<HTMLDivElement>(null);
  const sizes = layerSizes.value;
  const experiment = configured.value;
  const margin = width < 480 ? 54 : 92;
  const layout = useMemo(
    () => layOut(sizes, width, { left: margin, right: margin, top: HEADER_HEIGHT }),
    [sizes, width],
  );
  const { network: words } = text.value;

  const placeOf = (event: PointerEvent | MouseEvent) => {
    const frame = (picture.current as HTMLDivElement).getBoundingClientRect();
    return { x: event.clientX - frame.left, y: event.clientY - frame.top };
  };
  const follow = (event: PointerEvent): void => {
    const edge = edgeAt(layout, placeOf(event), 7);
    if (edge?.layer !== hovered?.layer || edge?.from !== hovered?.from || edge?.to !== hovered?.to) setHovered(edge);
  };
  const choose = (event: MouseEvent): void => {
    const place = placeOf(event);
    const edge = edgeAt(layout, place, event.detail > 0 ? 9 : 7);
    setEditing(edge && { ...edge, ...place });
    if (!edge && event.target === event.currentTarget) show({ neuron: undefined });
  };

  return (
    <section class="panel network" aria-label={words.picture}>
      <header class="panel-header">
        <h2>{words.heading}</h2>
        <LayerCount />
      </header>
      <div class="network-scroll" ref={ref}>
        {experiment && sizes.length > 0 && (
          <div
            class="network-picture"
            ref={picture}
            style={{
              width: `${layout.width}px`,
              height: `${layout.height}px`,
              '--label-width': `${margin - LABEL_GAP}px`,
            }}
            data-clickable={hovered !== undefined}
            onPointerMove={follow}
            onPointerLeave={() => setHovered(undefined)}
            onClick={choose}
          >
            <EdgeLayer layout={layout} hovered={editedEdge(editing) ?? hovered} />
            {layout.columns.map((column, index) => (
              <LayerHeader
                key={index}
                index={index}
                x={column.x}
                width={index < sizes.length - 1 ? layout.columns[index + 1].x - column.x : 92}
              />
            ))}
            <NodeLayer
              layout={layout}
              network={experiment.network}
              watched={watchedNeuron.value}
              onEditBias={setEditing}
            />
            {hovered && !editing && <WeightTip layout={layout} edge={hovered} />}
            {editing && (
              <WeightEditor
                key={`${editing.layer}.${editing.from}.${editing.to}`}
                editing={editing}
                width={layout.width}
                onClose={() => setEditing(undefined)}
              />
            )}
          </div>
        )}
      </div>
      <p class="hint legend">
        {words.legend}
        <span class="nowrap">
          <span class="swatch negative" /> {words.negative} <span class="swatch positive" /> {words.positive}
        </span>
        {layout.columns.some((column) => column.omitted > 0) && <strong> {words.tooLarge}</strong>}
        <span class="visually-hidden">{words.help}</span>
      </p>
    </section>
  );
}

/** The weight that is being changed; a bias is not a curve. */
function editedEdge(editing: Editing | undefined): Edge | undefined {
  return editing && editing.from !== null ? { layer: editing.layer, from: editing.from, to: editing.to } : undefined;
}

/** How many hidden layers there are; a layer is added as wide as the last one. */
function LayerCount() {
  const { network: words } = text.value;
  const { hidden } = effective.value;
  if (!hidden || isEmbedded.value) return null;
  const most = options.value?.max_layers ?? 8;
  const set = (next: number[]): void => configure(withHidden(wanted.peek(), effective.peek(), next));
  return (
    <div class="stepper">
      <button
        type="button"
        class="small"
        onClick={() => set(hidden.slice(0, -1))}
        disabled={hidden.length === 0}
        aria-label={words.removeLayer}
        title={words.removeLayer}
      >
        <Icon name="minus" />
      </button>
      <span>
        <b>{hidden.length}</b> {words.layerCount(hidden.length)}
      </span>
      <button
        type="button"
        class="small"
        onClick={() => set([...hidden, hidden.at(-1) ?? 4])}
        disabled={hidden.length >= most}
        aria-label={words.addLayer}
        title={words.addLayer}
      >
        <Icon name="plus" />
      </button>
    </div>
  );
}

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Frame } from '../connection/frame';
import type { Axis } from '../protocol/Axis';
import type { Configured } from '../protocol/Configured';
import type { Plane } from '../protocol/Plane';
import { onFrame } from '../state/picture';
import { inspected, show, tracedRow, view } from '../state/view';
import { text } from '../text';
import { PixelMap, sharpen } from '../theme/canvas';
import { percent, short } from '../theme/number';
import { palette } from '../theme/palette';
import { useWidth } from '../theme/size';
import { paintBoundary, paintCurve, paintNeuron, paintPoints, paintSurface } from './paint';
import { axisOf, project, rowAt, shareOf, targetAxis, valueAt } from './project';
import { Ticks } from './ticks';

interface Hover {
  x: number;
  y: number;
}

/** The picture: a map, the lines between regions, and the rows, each painted only when it changes. */
export function Picture({ experiment, plane }: { experiment: Configured; plane: Plane }) {
  const [frameElement, width] = useWidth<HTMLDivElement>(320);
  const surface = useRef<HTMLCanvasElement>(null);
  const lines = useRef<HTMLCanvasElement>(null);
  const dots = useRef<HTMLCanvasElement>(null);
  const latest = useRef<Frame | undefined>(undefined);
  const [hover, setHover] = useState<Hover | undefined>(undefined);
  const colors = palette.value;
  const { splits } = view.value;
  const traced = tracedRow.value;
  // A number over the plane is the output itself, so only neurons of classes and hidden ones differ from it.
  const isOther = (inspected.value?.layer ?? 0) < experiment.network.layers.length - 1 || experiment.classes.length > 0;
  const neuron = isOther ? inspected.value : undefined;

  const isCurve = plane.y === undefined;
  const isClassification = experiment.classes.length > 0;
  const upwards = useMemo(() => targetAxis(experiment), [experiment]);
  const targets = isClassification || isCurve ? undefined : upwards;
  const xAxis = axisOf(experiment, plane.x) as Axis;
  const yAxis = isCurve ? upwards : (axisOf(experiment, plane.y) as Axis);
  const projected = useMemo(() => {
    // Classes have no height of their own over a single column; they lie on the lines of 0 and 1.
    const points = project(experiment, plane, upwards);
    return isCurve && isClassification
      ? points.map((point) => ({ ...point, y: shareOf(upwards, point.target > 0 ? 1 : 0) }))
      : points;
  }, [experiment, plane.x, plane.y]);
  const height = isCurve ? Math.round(0.8 * width) : width;

  useEffect(() => {
    const picture = new PixelMap();
    return onFrame((frame) => {
      latest.current = frame;
      if (!surface.current || !lines.current || width <= 0) return;
      const context = sharpen(lines.current, width, height);
      if (isCurve) {
        paintCurve(context, width, height, frame, upwards, isClassification, colors);
        return;
      }
      if (neuron) {
        paintNeuron(surface.current, picture, frame, experiment.network, neuron, colors);
        context.clearRect(0, 0, width, height);
        return;
      }
      paintSurface(surface.current, picture, frame, colors, targets);
      if (isClassification) paintBoundary(context, width, height, frame, colors);
      else context.clearRect(0, 0, width, height);
    });
  }, [experiment, isCurve, width, height, colors, neuron]);

  useEffect(() => {
    if (!dots.current || width <= 0) return;
    paintPoints(sharpen(dots.current, width, height), width, height, projected, {
      splits,
      traced,
      targets,
      isPlain: isCurve && !isClassification,
      palette: colors,
    });
  }, [projected, width, height, splits, traced, colors]);

  const place = (event: MouseEvent): Hover => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const choose = (event: MouseEvent): void => {
    const { x, y } = place(event);
    const point = rowAt(projected, splits, width, height, x, y, 14);
    show({ traceRow: point?.row === traced ? undefined : point?.row });
  };

  return (
    <div class="picture">
      <span class="axis-name vertical" title={isCurve ? experiment.target : plane.y}>
        {isCurve ? experiment.target : plane.y}
      </span>
      <Ticks axis={yAxis} side="vertical" />
      <div
        ref={frameElement}
        class={isCurve ? 'canvas-stack curve' : 'canvas-stack'}
        style={{ height: `${height}px` }}
        role="img"
        aria-label={text.value.output.picture(experiment.target)}
        onPointerMove={(event) => setHover(place(event))}
        onPointerLeave={() => setHover(undefined)}
        onClick={choose}
      >
        <canvas
          ref={surface}
          class={isCurve ? 'surface hidden' : neuron ? 'surface pale' : 'surface'}
          width="1"
          height="1"
        />
        <canvas ref={lines} class="overlay" />
        <canvas ref={dots} class="overlay" />
        {hover && (
          <Reading
            frame={latest.current}
            experiment={experiment}
            plane={plane}
            xShare={hover.x / width}
            yShare={1 - hover.y / height}
            xAxis={xAxis}
            yAxis={yAxis}
          />
        )}
      </div>
      <Ticks axis={xAxis} side="horizontal" />
      <span class="axis-name horizontal" title={plane.x}>
        {plane.x}
      </span>
    </div>
  );
}

interface ReadingProps {
  frame: Frame | undefined;
  experiment: Configured;
  plane: Plane;
  xShare: number;
  yShare: number;
  xAxis: Axis;
  yAxis: Axis;
}

/** What is predicted at the place of the pointer. */
function Reading({ frame, experiment, plane, xShare, yShare, xAxis, yAxis }: ReadingProps) {
  if (!frame || frame.outputs.length === 0) return null;
  const { output_resolution: columns, output_rows: rows, output_ranges: ranges } = frame.header;
  const column = Math.max(0, Math.min(columns - 1, Math.floor(xShare * columns)));
  const row = Math.max(0, Math.min(rows - 1, Math.floor((1 - yShare) * rows)));
  const values = frame.outputs.map(
    (map, output) => ranges[output][0] + (map[row * columns + column] / 255) * (ranges[output][1] - ranges[output][0]),
  );
  const { classes } = experiment;
  let prediction: string;
  if (classes.length > 0) {
    const shares = values.length === 1 ? [1 - values[0], values[0]] : values;
    const best = shares.indexOf(Math.max(...shares));
    prediction = experiment.network.has_probabilities ? `${classes[best]} ${percent(shares[best])}` : classes[best];
  } else {
    prediction = `${experiment.target} ${short(values[0])}`;
  }
  return (
    <div class="reading" data-side={xShare > 0.5 ? 'left' : 'right'}>
      <span class="cut">
        {plane.x} {short(valueAt(xAxis, xShare))}
        {plane.y !== undefined && `, ${plane.y} ${short(valueAt(yAxis, yShare))}`}
      </span>
      <b class="cut">{prediction}</b>
    </div>
  );
}

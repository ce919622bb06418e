import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Axis } from '../protocol/Axis';
import type { ClusteringInfo } from '../protocol/ClusteringInfo';
import type { Configured } from '../protocol/Configured';
import { paintPoints } from '../output/paint';
import { axisOf, project, shareOf, targetAxis, type Projected } from '../output/project';
import { Ticks } from '../output/ticks';
import { onFrame } from '../state/picture';
import { plane, view } from '../state/view';
import { text } from '../text';
import { sharpen } from '../theme/canvas';
import { palette } from '../theme/palette';
import { useWidth } from '../theme/size';
import { paintCentroids, paintMap, type Place } from './paint';
import { codeAxes } from './range';

/** The widest that the picture is, in pixels. */
const WIDEST = 640;
const NOTHING: Axis = { low: -1, high: 1 };

/** The rows, with the units of a map among them; or the codes of the rows, with their centroids. */
export function ClusterPicture({ experiment, info }: { experiment: Configured; info: ClusteringInfo }) {
  const [element, available] = useWidth<HTMLDivElement>(320);
  const width = Math.min(available, WIDEST);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [ofCodes, setOfCodes] = useState<[Axis, Axis] | undefined>(undefined);
  const kept = useRef<[Axis, Axis] | undefined>(undefined);
  const colors = palette.value;
  const chosen = plane.value;
  const isByClass = view.value.color === 'class';
  const { clusters } = text.value;
  const upwards = useMemo(() => targetAxis(experiment), [experiment]);
  const hasClasses = experiment.classes.length > 0;
  const hasNumbers = !hasClasses && experiment.target !== '';
  const [xAxis, yAxis] = info.has_codes
    ? (ofCodes ?? [NOTHING, NOTHING])
    : [axisOf(experiment, chosen?.x) ?? NOTHING, axisOf(experiment, chosen?.y) ?? NOTHING];
  const rows = useMemo(
    () => (info.has_codes || !chosen ? [] : project(experiment, chosen, NOTHING).map((row) => ({ ...row, split: 0 }))),
    [experiment, chosen?.x, chosen?.y],
  );

  useEffect(() => {
    kept.current = undefined;
  }, [experiment]);

  useEffect(
    () =>
      onFrame(({ header: { scatter }, weights: points, clusters: found }) => {
        if (!scatter || !canvas.current || width <= 0) return;
        // The lines are those of the map before until this picture is the new one's.
        if (info.edges.some((edge) => Math.max(...edge) >= scatter.num_prototypes)) return;
        let axes: readonly [Axis, Axis] = [xAxis, yAxis];
        let drawn: Projected[] = rows;
        const share = (place: number): [number, number] => [
          shareOf(axes[0], points[2 * place]),
          shareOf(axes[1], points[2 * place + 1]),
        ];
        if (info.has_codes) {
          const next = codeAxes(points, kept.current);
          if (next !== kept.current) setOfCodes(next);
          axes = kept.current = next;
          const { targets } = experiment.points;
          const isByCluster = scatter.has_clusters && !isByClass;
          drawn = experiment.points.rows.slice(0, scatter.num_codes).map((row, index) => {
            const [x, y] = share(index);
            const target = targets[index] ?? 0;
            return {
              row,
              x,
              y,
              // While colours are those of clusters, shapes are those of classes.
              split: isByCluster && hasClasses ? target % 3 : 0,
              target: isByCluster ? found[index] : target,
            };
          });
          paint(drawn, !isByCluster && hasNumbers ? upwards : undefined, !isByCluster && !hasClasses && !hasNumbers);
        } else {
          paint(drawn, hasNumbers ? upwards : undefined, !hasClasses && !hasNumbers);
        }
        const context = sharpen(canvas.current, width, width);
        const places = Array.from({ length: scatter.num_prototypes }, (_, prototype): Place => {
          const [x, y] = share(scatter.num_codes + prototype);
          return [x * width, (1 - y) * width];
        });
        if (info.has_codes) paintCentroids(context, places, colors);
        else paintMap(context, places, info.edges, colors);
      }),
    [experiment, rows, width, colors, isByClass],
  );

  const paint = (drawn: Projected[], targets: Axis | undefined, isPlain: boolean): void => {
    if (!canvas.current) return;
    const style = { splits: [true, true, true], traced: undefined, targets, isPlain, palette: colors };
    paintPoints(sharpen(canvas.current, width, width), width, width, drawn, style);
  };

  const names = info.has_codes ? [clusters.code(1), clusters.code(2)] : [chosen?.x ?? '', chosen?.y ?? ''];
  return (
    <div class="picture">
      <span class="axis-name vertical" title={names[1]}>
        {names[1]}
      </span>
      <Ticks axis={yAxis} side="vertical" />
      <div ref={element}>
        <div
          class="canvas-stack still"
          style={{ width: `${width}px`, height: `${width}px` }}
          role="img"
          aria-label={info.has_codes ? clusters.codesPicture : clusters.mapPicture(names[0], names[1])}
        >
          <canvas ref={canvas} class="overlay" />
        </div>
      </div>
      <Ticks axis={xAxis} side="horizontal" width={width} />
      <span class="axis-name horizontal" title={names[0]}>
        {names[0]}
      </span>
    </div>
  );
}

import type { Axis } from '../protocol/Axis';
import type { Configured } from '../protocol/Configured';
import type { Plane } from '../protocol/Plane';

/** A row in the plane; both places are from 0 to 1, left to right and bottom to top. */
export interface Projected {
  /** Its number in the table. */
  row: number;
  split: number;
  target: number;
  x: number;
  y: number;
}

export function axisOf({ columns }: Pick<Configured, 'columns'>, name: string | undefined): Axis | undefined {
  return columns.find((column) => column.name === name)?.axis;
}

export function shareOf({ low, high }: Axis, value: number): number {
  return (value - low) / (high - low);
}

export function valueAt({ low, high }: Axis, share: number): number {
  return low + share * (high - low);
}

/**
 * The rows that can be drawn in a plane: those with a value in both columns. In a plane without a vertical axis,
 * the target is drawn upwards, on the axis `upwards`.
 */
export function project(experiment: Pick<Configured, 'columns' | 'points'>, plane: Plane, upwards?: Axis): Projected[] {
  const { columns, points } = experiment;
  const horizontal = columns.findIndex((column) => column.name === plane.x);
  const vertical = columns.findIndex((column) => column.name === plane.y);
  const xAxis = columns[horizontal]?.axis;
  const yAxis = vertical < 0 ? upwards : columns[vertical].axis;
  if (!xAxis || !yAxis) return [];
  const projected: Projected[] = [];
  points.rows.forEach((row, index) => {
    const x = points.values[horizontal]?.[index];
    const y = vertical < 0 ? points.targets[index] : points.values[vertical]?.[index];
    if (x === null || x === undefined || y === null || y === undefined) return;
    projected.push({
      row,
      split: points.splits[index],
      target: points.targets[index],
      x: shareOf(xAxis, x),
      y: shareOf(yAxis, y),
    });
  });
  return projected;
}

/** The range of the targets, with some room around it. */
export function targetAxis({ points, classes }: Pick<Configured, 'points' | 'classes'>): Axis {
  if (classes.length > 0) return { low: -0.06, high: 1.06 };
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const target of points.targets) [low, high] = [Math.min(low, target), Math.max(high, target)];
  if (!(low < high)) return { low: (Number.isFinite(low) ? low : 0) - 1, high: (Number.isFinite(high) ? high : 0) + 1 };
  const room = 0.15 * (high - low);
  return { low: low - room, high: high + room };
}

/** Round numbers at which an axis is marked. */
export function ticks({ low, high }: Axis, count: number): number[] {
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= raw) ?? 10 * power;
  const marks: number[] = [];
  for (let mark = Math.ceil(low / step); mark * step <= high; mark += 1)
    marks.push(Number((mark * step).toPrecision(12)));
  return marks;
}

/** The row that is closest to a place of a picture with this side, if one is within `reach` pixels. */
export function rowAt(
  projected: readonly Projected[],
  splits: readonly boolean[],
  width: number,
  height: number,
  x: number,
  y: number,
  reach: number,
): Projected | undefined {
  let nearest: Projected | undefined;
  let distance = reach;
  for (const point of projected) {
    if (!splits[point.split]) continue;
    const away = Math.hypot(point.x * width - x, (1 - point.y) * height - y);
    if (away < distance) [nearest, distance] = [point, away];
  }
  return nearest;
}

import type { Axis } from '../protocol/Axis';

/** How much wider a range is than what it shows, on each side. */
const MARGIN = 0.08;
/** A range is kept as long as what it shows fills as much of it. */
const FILLED = 0.6;

/** The range of some coordinates, each second number from `start` on; `undefined` if there are none. */
function extent(points: Float32Array, start: number): Axis | undefined {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let place = start; place < points.length; place += 2) {
    if (!Number.isFinite(points[place])) continue;
    low = Math.min(low, points[place]);
    high = Math.max(high, points[place]);
  }
  if (low > high) return undefined;
  const room = MARGIN * (high - low) || 1;
  return { low: low - room, high: high + room };
}

/**
 * The ranges of codes `x, y, x, y, …`, horizontal and vertical. Those from before are kept while they suit them, so
 * that the picture moves and not its axes.
 */
export function codeAxes(points: Float32Array, before: [Axis, Axis] | undefined): [Axis, Axis] {
  const next = [0, 1].map((start) => extent(points, start) ?? { low: -1, high: 1 }) as [Axis, Axis];
  if (!before) return next;
  const suits = next.every(({ low, high }, index) => {
    const old = before[index];
    return low >= old.low && high <= old.high && high - low >= FILLED * (old.high - old.low);
  });
  return suits ? before : next;
}

/** What an arrow key adds to a number; or `factor`, which goes through 1, 2, 5, 10, 20 …; or `double`. */
export type Stepping = number | 'factor' | 'double';

/** The numbers that can be reached. */
export interface Bounds {
  min: number;
  max?: number;
}

/** The smallest number above 0 that a factor leads to: from it on down comes 0, if that is allowed. */
const SMALLEST = 1e-5;

/** The number that an arrow key leads to, up or down. */
export function stepped(value: number, isUp: boolean, stepping: Stepping, { min, max = Infinity }: Bounds): number {
  return Math.min(max, Math.max(min, next(value, isUp, stepping)));
}

function next(value: number, isUp: boolean, stepping: Stepping): number {
  if (stepping === 'factor') return isUp ? nextUp(value) : nextDown(value);
  if (stepping === 'double') return isUp ? Math.max(1, 2 * value) : Math.floor(value / 2);
  // To the next multiple of the step, whose digits are not those of a sum of fractions.
  const steps = rounded(value / stepping);
  return rounded((isUp ? Math.floor(steps) + 1 : Math.ceil(steps) - 1) * stepping);
}

/** The places of a series that divides each power of ten into three parts that look alike. */
const SERIES = [1, 2, 5, 10];

function nextUp(value: number): number {
  if (value < SMALLEST) return SMALLEST;
  const power = 10 ** Math.floor(Math.log10(rounded(value)));
  const place = SERIES.find((place) => rounded(place * power) > rounded(value)) ?? 20;
  return rounded(place * power);
}

function nextDown(value: number): number {
  if (value <= SMALLEST) return 0;
  const power = 10 ** Math.floor(Math.log10(rounded(value)));
  const place = SERIES.findLast((place) => rounded(place * power) < rounded(value)) ?? 0.5;
  return rounded(place * power);
}

function rounded(value: number): number {
  return Number(value.toPrecision(9));
}

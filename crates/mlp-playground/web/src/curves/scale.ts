/** A loss that rises to so many times its first value is drawn by its powers of ten. */
const GROWTH = 30;

/** Whether losses have grown so much that the rest of their curve would be a flat line. */
export function hasExploded(losses: readonly (number | undefined)[]): boolean {
  const known = losses.filter((loss) => loss !== undefined && Number.isFinite(loss) && loss > 0) as number[];
  return known.length > 1 && Math.max(...known) > GROWTH * known[0];
}

/** Powers of ten between two numbers, few enough to be told apart. */
export function powersOfTen(low: number, high: number): number[] {
  const [first, last] = [Math.ceil(Math.log10(low)), Math.floor(Math.log10(high))];
  const step = Math.max(1, Math.ceil((last - first) / 4));
  const powers: number[] = [];
  for (let exponent = first; exponent <= last; exponent += step) powers.push(10 ** exponent);
  return powers;
}

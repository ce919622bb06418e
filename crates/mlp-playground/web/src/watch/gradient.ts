/** The powers of ten at the ends of the scale. */
export const LOWEST = -8;
export const HIGHEST = 1;

/** How far along the logarithmic scale a gradient is, from 0 to 1. */
export function logShare(gradient: number): number {
  if (!(gradient > 0)) return 0;
  return Math.max(0, Math.min(1, (Math.log10(gradient) - LOWEST) / (HIGHEST - LOWEST)));
}

/** What the gradients of the layers, from the first to the last, are like. */
export function judge(gradients: readonly number[]): 'vanishing' | 'exploding' | 'even' | undefined {
  if (gradients.length < 2) return undefined;
  if (gradients.some((gradient) => !Number.isFinite(gradient) || gradient > 10)) return 'exploding';
  const last = gradients[gradients.length - 1];
  // A trained network has small gradients everywhere; only the difference between layers says something.
  return gradients[0] < last / 30 ? 'vanishing' : 'even';
}

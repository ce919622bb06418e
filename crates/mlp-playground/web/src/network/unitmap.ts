import type { NetworkInfo } from '../protocol/NetworkInfo';
import { mix, pixel, type Palette } from '../theme/color';

/** The value in the middle of an activation's range, and how far its ends are from there. */
export interface Spread {
  middle: number;
  reach: number;
}

/**
 * What the colours of a unit's map mean: bounded activations have their whole range, so that maps of a layer can
 * be compared; others have zero in the middle and their largest value at the end.
 */
export function spreadOf(activation: string, [low, high]: readonly [number, number]): Spread {
  if (activation === 'sigmoid' || activation === 'step') return { middle: 0.5, reach: 0.5 };
  if (activation === 'tanh') return { middle: 0, reach: 1 };
  return { middle: 0, reach: Math.max(Math.abs(low), Math.abs(high), 1e-9) };
}

/** The colour of each byte of a map, as indices into the pixels of −1 to 1. */
function byteIndices([low, high]: readonly [number, number], { middle, reach }: Spread): Uint8Array {
  const indices = new Uint8Array(256);
  for (let byte = 0; byte < 256; byte += 1) {
    const value = (low + (byte / 255) * (high - low) - middle) / reach;
    indices[byte] = Math.max(0, Math.min(255, Math.round(127.5 * (value + 1))));
  }
  return indices;
}

/** Writes a unit's map into the pixels of a picture of the same size. */
export function fillMap(
  target: Uint32Array,
  map: Uint8Array,
  range: readonly [number, number],
  spread: Spread,
  pixels: Uint32Array,
): void {
  const indices = byteIndices(range, spread);
  for (let place = 0; place < map.length; place += 1) target[place] = pixels[indices[map[place]]];
}

/** Writes a class's map: the more probable, the more of its colour. */
export function fillProbability(
  target: Uint32Array,
  map: Uint8Array,
  [low, high]: readonly [number, number],
  palette: Palette,
  color: readonly [number, number, number],
): void {
  const pixels = Uint32Array.from({ length: 256 }, (_, byte) =>
    pixel(mix(palette.zero, color, 0.9 * (low + (byte / 255) * (high - low)))),
  );
  for (let place = 0; place < map.length; place += 1) target[place] = pixels[map[place]];
}

/** Writes the map of an input along an axis: it rises from −1 to 1. */
export function fillInput(target: Uint32Array, side: number, axis: 'x' | 'y', pixels: Uint32Array): void {
  for (let row = 0; row < side; row += 1) {
    for (let column = 0; column < side; column += 1) {
      const share = axis === 'x' ? column / (side - 1) : 1 - row / (side - 1);
      target[row * side + column] = pixels[Math.round(255 * share)];
    }
  }
}

/** Which of the maps is that of a hidden neuron: they come layer by layer, those that are not drawn too. */
export function mapIndex({ layers }: NetworkInfo, layer: number, unit: number): number {
  return layers.slice(0, layer).reduce((sum, { units }) => sum + units, 0) + unit;
}

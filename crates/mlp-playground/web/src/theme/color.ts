/** Red, green and blue, each from 0 to 255. */
export type Color = readonly [number, number, number];

/** Colours that are painted; those of texts and frames are in the style sheets. */
export interface Palette {
  /** What lies behind pictures. */
  paper: Color;
  ink: Color;
  /** Blue, for what is above zero. */
  positive: Color;
  /** Orange, for what is below zero. */
  negative: Color;
  /** What stands for zero. */
  zero: Color;
  /** The colours of classes, in their order. */
  classes: readonly Color[];
  /** Colours from the lowest to the highest number, of rising brightness. */
  scale: readonly Color[];
}

// The colours of Okabe and Ito, which colour-blind readers can tell apart, begin with orange and blue as
// negative and positive do. Three more follow for tables of up to ten classes.
const CLASSES: readonly Color[] = [
  [230, 142, 0],
  [0, 114, 178],
  [0, 158, 115],
  [204, 103, 160],
  [86, 180, 233],
  [213, 94, 0],
  [222, 205, 40],
  [120, 94, 180],
  [140, 98, 57],
  [128, 132, 140],
];

// Stops of cividis, which was made for colour-blind readers too (Nuñez et al. 2018).
const CIVIDIS: readonly Color[] = [
  [0, 34, 78],
  [53, 69, 108],
  [102, 105, 112],
  [148, 142, 119],
  [200, 184, 102],
  [254, 232, 56],
];

export const LIGHT: Palette = {
  paper: [255, 255, 255],
  ink: [24, 27, 34],
  positive: [8, 104, 172],
  negative: [224, 122, 6],
  zero: [243, 243, 240],
  classes: CLASSES,
  scale: CIVIDIS,
};

export const DARK: Palette = {
  paper: [21, 24, 30],
  ink: [233, 234, 236],
  positive: [74, 163, 232],
  negative: [245, 158, 66],
  zero: [38, 42, 50],
  classes: CLASSES.map((color, index) => (index === 1 ? [46, 144, 212] : color) as Color),
  scale: CIVIDIS,
};

/** `from` at 0, `to` at 1. */
export function mix(from: Color, to: Color, share: number): Color {
  const s = Math.min(1, Math.max(0, share));
  return [from[0] + s * (to[0] - from[0]), from[1] + s * (to[1] - from[1]), from[2] + s * (to[2] - from[2])];
}

/** The colour of a class. Tables with more classes than colours begin again. */
export function classColor(palette: Palette, index: number): Color {
  return palette.classes[index % palette.classes.length];
}

/** Orange for −1, blue for 1, hardly a colour for 0. */
export function divergingColor(palette: Palette, value: number): Color {
  const end = value < 0 ? palette.negative : palette.positive;
  // Slightly more than proportional, so that small values can be seen.
  return mix(palette.zero, end, Math.abs(value) ** 0.8);
}

/** The colour of a number on the scale from 0 to 1. */
export function scaleColor(palette: Palette, share: number): Color {
  const place = Math.min(1, Math.max(0, share)) * (palette.scale.length - 1);
  const index = Math.min(palette.scale.length - 2, Math.floor(place));
  return mix(palette.scale[index], palette.scale[index + 1], place - index);
}

/**
 * The colour of a point with these probabilities: that of its class, the paler the less certain it is, so that
 * a pale line runs between the classes.
 */
export function probabilityColor(palette: Palette, probabilities: ArrayLike<number>): Color {
  let [red, green, blue] = [0, 0, 0];
  let highest = 0;
  for (let index = 0; index < probabilities.length; index += 1) {
    const share = probabilities[index];
    const color = classColor(palette, index);
    red += share * color[0];
    green += share * color[1];
    blue += share * color[2];
    highest = Math.max(highest, share);
  }
  const chance = 1 / Math.max(2, probabilities.length);
  const certainty = (highest - chance) / (1 - chance);
  return mix(palette.zero, [red, green, blue], 0.08 + 0.46 * certainty);
}

export function css([red, green, blue]: Color, opacity = 1): string {
  return `rgb(${Math.round(red)} ${Math.round(green)} ${Math.round(blue)} / ${opacity})`;
}

/** A colour as a pixel of ImageData, seen as little-endian 32-bit numbers. */
export function pixel([red, green, blue]: Color): number {
  return ((255 << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0;
}

/** The pixels of −1 to 1, in 256 steps. */
export function divergingPixels(palette: Palette): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, index) => pixel(divergingColor(palette, index / 127.5 - 1)));
}

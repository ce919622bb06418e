import { describe, expect, it } from 'vitest';
import {
  DARK,
  LIGHT,
  classColor,
  divergingColor,
  divergingPixels,
  mix,
  pixel,
  probabilityColor,
  scaleColor,
  type Color,
} from './color';

const distance = (a: Color, b: Color): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

describe.each([
  ['light', LIGHT],
  ['dark', DARK],
])('the %s colours', (_, palette) => {
  it('go from orange through nothing to blue', () => {
    expect(divergingColor(palette, -1)).toEqual(palette.negative);
    expect(divergingColor(palette, 0)).toEqual(palette.zero);
    expect(divergingColor(palette, 1)).toEqual(palette.positive);
  });

  it('do not leave their ends', () => {
    expect(divergingColor(palette, 9)).toEqual(palette.positive);
    expect(scaleColor(palette, -3)).toEqual(palette.scale[0]);
    expect(scaleColor(palette, 3)).toEqual(palette.scale.at(-1));
  });

  it('show a certain class as its colour, and doubt as hardly any', () => {
    const certain = probabilityColor(palette, [0, 1, 0]);
    const doubtful = probabilityColor(palette, [1 / 3, 1 / 3, 1 / 3]);
    expect(distance(certain, classColor(palette, 1))).toBeLessThan(distance(doubtful, classColor(palette, 1)));
    expect(distance(doubtful, palette.zero)).toBeLessThan(30);
  });

  it('tell ten classes apart', () => {
    for (let a = 0; a < 10; a += 1) {
      for (let b = 0; b < a; b += 1)
        expect(distance(classColor(palette, a), classColor(palette, b))).toBeGreaterThan(35);
    }
  });

  it('have a pixel for −1, 0 and 1', () => {
    const pixels = divergingPixels(palette);
    expect(pixels[0]).toBe(pixel(palette.negative));
    expect(pixels[255]).toBe(pixel(palette.positive));
  });
});

describe('a pixel', () => {
  it('is red, green, blue and opaque in memory', () => {
    const bytes = new Uint8Array(Uint32Array.of(pixel([1, 2, 3])).buffer);
    expect([...bytes]).toEqual([1, 2, 3, 255]);
  });
});

describe('a mixture', () => {
  it('lies between its colours', () => {
    expect(mix([0, 100, 200], [100, 0, 200], 0.25)).toEqual([25, 75, 200]);
  });
});

import { describe, expect, it } from 'vitest';
import { hasExploded, powersOfTen } from './scale';

describe('the scale of a loss', () => {
  it('goes by powers of ten once the loss has grown thirtyfold', () => {
    expect(hasExploded([0.5, 0.1, 0.001])).toBe(false);
    expect(hasExploded([0.5, 15])).toBe(false);
    expect(hasExploded([0.5, 15.1, undefined, Number.NaN])).toBe(true);
    expect(hasExploded([])).toBe(false);
  });

  it('has a few marks', () => {
    expect(powersOfTen(0.5, 2000)).toEqual([1, 10, 100, 1000]);
    expect(powersOfTen(1e12, 1e28)).toEqual([1e12, 1e16, 1e20, 1e24, 1e28]);
  });
});

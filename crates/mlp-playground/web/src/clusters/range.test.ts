import { describe, expect, it } from 'vitest';
import { codeAxes } from './range';

describe('the axes of codes', () => {
  it('hold all codes with some room', () => {
    expect(codeAxes(Float32Array.of(0, -1, 100, 1), undefined)).toEqual([
      { low: -8, high: 108 },
      { low: -1.16, high: 1.16 },
    ]);
  });

  it('stay while codes move within them', () => {
    const first = codeAxes(Float32Array.of(0, 0, 100, 100), undefined);
    expect(codeAxes(Float32Array.of(5, 5, 95, 95), first)).toBe(first);
    expect(codeAxes(Float32Array.of(5, 5, 120, 95), first)).not.toBe(first);
    expect(codeAxes(Float32Array.of(40, 40, 50, 50), first)).not.toBe(first);
  });

  it('are there without codes', () => {
    expect(codeAxes(new Float32Array(), undefined)).toEqual([
      { low: -1, high: 1 },
      { low: -1, high: 1 },
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { stepped } from './stepping';

/** The numbers that a key leads to, one after the other. */
function way(from: number, isUp: boolean, stepping: Parameters<typeof stepped>[2], min: number, max?: number): number[] {
  const numbers: number[] = [];
  let value = from;
  for (let press = 0; press < 4; press += 1) {
    value = stepped(value, isUp, stepping, { min, ...(max !== undefined && { max }) });
    numbers.push(value);
  }
  return numbers;
}

describe('an arrow key', () => {
  it('adds a step, without the digits of a sum of fractions', () => {
    expect(way(0.1, true, 0.05, 0)).toEqual([0.15, 0.2, 0.25, 0.3]);
    expect(way(0.1, false, 0.05, 0)).toEqual([0.05, 0, 0, 0]);
    expect(way(0.85, true, 0.05, 0, 0.9)).toEqual([0.9, 0.9, 0.9, 0.9]);
  });

  it('leads to the next multiple of the step', () => {
    expect(way(503, true, 10, 1)).toEqual([510, 520, 530, 540]);
    expect(way(13, false, 10, 1)).toEqual([10, 1, 1, 1]);
    expect(way(1, true, 10, 1)).toEqual([10, 20, 30, 40]);
  });

  it('goes by factors', () => {
    expect(way(0.01, true, 'factor', 1e-5)).toEqual([0.02, 0.05, 0.1, 0.2]);
    expect(way(0.01, false, 'factor', 1e-5)).toEqual([0.005, 0.002, 0.001, 0.0005]);
    expect(way(0.03, true, 'factor', 1e-5)).toEqual([0.05, 0.1, 0.2, 0.5]);
    expect(way(0.003, false, 'factor', 1e-5)).toEqual([0.002, 0.001, 0.0005, 0.0002]);
    expect(way(3e-5, false, 'factor', 1e-5)).toEqual([2e-5, 1e-5, 1e-5, 1e-5]);
    expect(way(32, true, 'double', 1)).toEqual([64, 128, 256, 512]);
    expect(way(3, false, 'double', 1)).toEqual([1, 1, 1, 1]);
  });

  it('leaves 0 by a factor, and comes back to it', () => {
    expect(way(0, true, 'factor', 0)).toEqual([1e-5, 2e-5, 5e-5, 1e-4]);
    expect(way(2e-5, false, 'factor', 0)).toEqual([1e-5, 0, 0, 0]);
  });
});

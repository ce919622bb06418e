import { describe, expect, it } from 'vitest';
import { contour, margin } from './contour';
import { project, rowAt, targetAxis, ticks } from './project';

const TABLE = {
  classes: [],
  columns: [{ name: 'a', axis: { low: 0, high: 10 } }, { name: 'kind' }, { name: 'b', axis: { low: -1, high: 1 } }],
  points: { rows: [4, 7, 9], splits: [0, 1, 2], targets: [1, 2, 3], values: [[5, 10, null], [], [0, 1, 0]] },
};

describe('rows in a plane', () => {
  it('are where their values are, and left out if one is missing', () => {
    expect(project(TABLE, { x: 'a', y: 'b' })).toEqual([
      { row: 4, split: 0, target: 1, x: 0.5, y: 0.5 },
      { row: 7, split: 1, target: 2, x: 1, y: 1 },
    ]);
  });

  it('lie at the height of their target if there is no vertical axis', () => {
    const [first] = project(TABLE, { x: 'a' }, { low: 0, high: 4 });
    expect(first.y).toBe(0.25);
  });

  it('are found close to the pointer, if they are shown', () => {
    const rows = project(TABLE, { x: 'a', y: 'b' });
    expect(rowAt(rows, [true, true, true], 100, 100, 52, 49, 10)?.row).toBe(4);
    expect(rowAt(rows, [false, true, true], 100, 100, 52, 49, 10)).toBeUndefined();
  });
});

describe('an axis', () => {
  it('has room around the targets', () => {
    expect(targetAxis(TABLE)).toEqual({ low: 0.7, high: 3.3 });
  });

  it('is marked at round numbers', () => {
    expect(ticks({ low: -1.3, high: 1.3 }, 4)).toEqual([-1, 0, 1]);
    expect(ticks({ low: 0, high: 10 }, 5)).toEqual([0, 2, 4, 6, 8, 10]);
  });
});

describe('a contour', () => {
  it('runs where a field changes its sign', () => {
    // The left column is −1, the right one 3: zero is a quarter of the way.
    expect(contour([-1, 3, -1, 3], 2, 2)).toEqual([[0.25, 0, 0.25, 1]]);
    expect(contour([1, 1, 1, 1], 2, 2)).toEqual([]);
  });

  it('separates classes where both are equally probable', () => {
    const outputs = [Uint8Array.of(255, 0), Uint8Array.of(0, 255)];
    expect([
      ...margin(
        outputs,
        [
          [0, 1],
          [0, 1],
        ],
        0,
      ),
    ]).toEqual([1, -1]);
    expect([...margin([Uint8Array.of(255, 0)], [[0, 1]], 0)]).toEqual([0.5, -0.5]);
  });
});

import { describe, expect, it } from 'vitest';
import type { Trace } from '../protocol/Trace';
import { explain, largest } from './explain';
import { judge, logShare } from './gradient';

// Two inputs, one linear hidden neuron, one linear output, E = (y − t)² / 2 with t = 1:
// hidden: 0.5·1 + 2·(−1) + 0.25 = −1.25; output: 4·(−1.25) + 1 = −4; δ of the output: −4 − 1 = −5;
// δ of the hidden neuron: 1 · 4·(−5) = −20; its gradients: −20·1 and −20·(−1).
const SIZES = [2, 1, 1];
const WEIGHTS = Float32Array.of(0.5, 2, 0.25, 4, 1);
const TRACE: Trace = {
  number: 1,
  step: 0,
  row: 0,
  inputs: [1, -1],
  layers: [
    [
      {
        weighted_sum: -1.5,
        threshold: -0.25,
        activation: -1.25,
        slope: 1,
        delta: -20,
        gradients: [-20, 20],
        bias_gradient: -20,
      },
    ],
    [{ weighted_sum: -5, threshold: -1, activation: -4, slope: 1, delta: -5, gradients: [6.25], bias_gradient: -5 }],
  ],
  outputs: [-4],
  target: 1,
  loss: 12.5,
  learning_rate: 0.1,
};

describe('the five steps', () => {
  it('add up for a hidden neuron', () => {
    const steps = explain(TRACE, WEIGHTS, SIZES, { layer: 0, unit: 0 });
    expect(steps?.forward.map((term) => term.product)).toEqual([0.5, -2]);
    expect(steps?.netInput).toBe(-1.25);
    expect(steps?.backward).toEqual([{ column: 2, unit: 0, weight: 4, factor: -5, product: -20 }]);
    expect(steps?.outputDeltas).toEqual([-5]);
    // 0.5 − 0.1·(−20) = 2.5; 2 − 0.1·20 = 0; 0.25 − 0.1·(−20) = 2.25
    expect(steps?.updates.map((update) => update.after)).toEqual([2.5, 0, 2.25]);
  });

  it('have no chain for an output', () => {
    const steps = explain(TRACE, WEIGHTS, SIZES, { layer: 1, unit: 0 });
    expect(steps?.backward).toEqual([]);
    expect(steps?.forward).toEqual([{ column: 1, unit: 0, weight: 4, factor: -1.25, product: -5 }]);
  });

  it('do not exist for a neuron that the network does not have', () => {
    expect(explain(TRACE, WEIGHTS, SIZES, { layer: 0, unit: 5 })).toBeUndefined();
  });
});

describe('long sums', () => {
  it('show their largest terms in their order', () => {
    expect(largest([1, -9, 3, 8], 2, Math.abs)).toEqual({ shown: [-9, 8], omitted: 2 });
  });
});

describe('gradients', () => {
  it('are placed on a logarithmic scale from 10⁻⁸ to 10', () => {
    expect(logShare(1e-8)).toBe(0);
    expect(logShare(10)).toBe(1);
    expect(logShare(10 ** -3.5)).toBeCloseTo(0.5);
    expect(logShare(0)).toBe(0);
  });

  it('vanish if the first layer gets far less than the last', () => {
    expect(judge([1e-5, 1e-3, 1e-2])).toBe('vanishing');
    expect(judge([0.01, 0.02])).toBe('even');
    expect(judge([0.01, 50])).toBe('exploding');
    expect(judge([0.01])).toBeUndefined();
  });
});

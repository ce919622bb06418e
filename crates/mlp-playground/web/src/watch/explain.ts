import { weightIndex, type LayerSizes } from '../connection/frame';
import type { Trace } from '../protocol/Trace';
import type { Neuron } from '../state/view';

/** A term of a sum: a weight times what it is multiplied with. */
export interface Term {
  /** The neuron at the other end, by its column (0: inputs) and unit. */
  column: number;
  unit: number;
  weight: number;
  factor: number;
  product: number;
}

/** What a step of gradient descent does to a weight. */
export interface Update {
  column: number;
  /** `null`: the bias. */
  unit: number | null;
  gradient: number;
  before: number;
  after: number;
}

/** The five steps of backpropagation for a neuron. */
export interface Explanation {
  forward: Term[];
  weightedSum: number;
  threshold: number;
  netInput: number;
  output: number;
  outputDeltas: number[];
  /** The terms `w·δ` of the next layer; empty for an output. */
  backward: Term[];
  slope: number;
  delta: number;
  updates: Update[];
}

/** Works out a row's way through a neuron and back, from its trace and the weights of the same step. */
export function explain(
  trace: Trace,
  weights: Float32Array,
  sizes: LayerSizes,
  { layer, unit }: Neuron,
): Explanation | undefined {
  const neuron = trace.layers[layer]?.[unit];
  const last = trace.layers.at(-1);
  if (!neuron || !last) return undefined;
  const inputs = layer === 0 ? trace.inputs : trace.layers[layer - 1].map((before) => before.activation);
  const forward = inputs.map((factor, from) => {
    const weight = weights[weightIndex(sizes, layer, from, unit)];
    return { column: layer, unit: from, weight, factor, product: weight * factor };
  });
  const next = trace.layers[layer + 1] ?? [];
  const backward = next.map(({ delta }, to) => {
    const weight = weights[weightIndex(sizes, layer + 1, unit, to)];
    return { column: layer + 2, unit: to, weight, factor: delta, product: weight * delta };
  });
  const updated = (from: number | null, gradient: number): Update => {
    const before = weights[weightIndex(sizes, layer, from, unit)];
    return { column: layer, unit: from, gradient, before, after: before - trace.learning_rate * gradient };
  };
  return {
    forward,
    weightedSum: neuron.weighted_sum,
    threshold: neuron.threshold,
    netInput: neuron.weighted_sum - neuron.threshold,
    output: neuron.activation,
    outputDeltas: last.map(({ delta }) => delta),
    backward,
    slope: neuron.slope,
    delta: neuron.delta,
    updates: [
      ...neuron.gradients.map((gradient, from) => updated(from, gradient)),
      updated(null, neuron.bias_gradient),
    ],
  };
}

/** The largest terms, in their order, and how many are left out. */
export function largest<T>(
  terms: readonly T[],
  most: number,
  size: (term: T) => number,
): { shown: T[]; omitted: number } {
  if (terms.length <= most) return { shown: [...terms], omitted: 0 };
  const kept = new Set([...terms].sort((a, b) => size(b) - size(a)).slice(0, most));
  return { shown: terms.filter((term) => kept.has(term)), omitted: terms.length - most };
}

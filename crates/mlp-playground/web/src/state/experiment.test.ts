import { describe, expect, it } from 'vitest';
import { activations, usedFeatures, withActivation, withData, withHidden, withModel, withoutOrWith } from './experiment';

const FULL = { data: { name: 'circles' }, hidden: [4, 2], activation: ['tanh', 'relu'] };

describe('another table', () => {
  it('keeps the network, and forgets target, columns and loss', () => {
    const before = { data: { name: 'a.csv', target: 'y', drop: ['id'], derive: ['a^2'], test_size: 0.3 }, hidden: [3], loss: 'huber' };
    expect(withData(before, 'iris')).toEqual({ data: { name: 'iris', test_size: 0.3 }, hidden: [3] });
  });
});

describe('another model', () => {
  it('keeps the table and the seed alone', () => {
    const before = { data: { name: 'xor' }, model: 'mlp', hidden: [3], optimizer: 'sgd', seed: 4 };
    expect(withModel(before, 'perceptron')).toEqual({ data: { name: 'xor' }, model: 'perceptron', seed: 4 });
  });
});

describe('hidden layers', () => {
  it('keep their activations, and a new one has that of the layer before', () => {
    const chosen = { data: {}, activation: ['tanh', 'relu'] };
    expect(withHidden(chosen, FULL, [4, 2, 2]).activation).toEqual(['tanh', 'relu', 'relu']);
    expect(withHidden(chosen, FULL, [4]).activation).toEqual(['tanh']);
  });

  it('have the default activation if none was chosen', () => {
    expect(withHidden({ data: {} }, FULL, [5])).toEqual({ data: {}, hidden: [5] });
  });

  it('share one activation if only one is given', () => {
    expect(activations({ data: {}, hidden: [4, 2, 2], activation: ['tanh'] })).toEqual(['tanh', 'tanh', 'tanh']);
  });

  it('can each have an activation of their own', () => {
    const full = { data: {}, hidden: [4, 2], activation: ['tanh'] };
    expect(withActivation({ data: {} }, full, 1, 'relu').activation).toEqual(['tanh', 'relu']);
  });
});

describe('a list of names', () => {
  it('loses the name that it has, and gets the one that it has not', () => {
    expect(withoutOrWith(['a', 'b'], 'a')).toEqual(['b']);
    expect(withoutOrWith(['a'], 'b')).toEqual(['a', 'b']);
  });
});

describe('the features in use', () => {
  it('are the columns that are not left out, and what is derived', () => {
    const data = { drop: ['x'], derive: ['x^2'] };
    expect(usedFeatures({ input_columns: ['x', 'y'], experiment: { data } })).toEqual(['y', 'x^2']);
    expect(usedFeatures({ input_columns: ['x', 'y'], experiment: { data: {} } })).toEqual(['x', 'y']);
  });
});

import type { Experiment } from '../protocol/Experiment';
import type { PageView } from '../state/view';

/** A state of the page from which something can be learned. */
export interface LessonState {
  /** Its name in links. */
  name: string;
  experiment: Experiment;
  view: Partial<PageView>;
}

/** The lessons in the order in which to read them. */
export const LESSONS: readonly LessonState[] = [
  {
    name: 'neuron',
    experiment: { data: { name: 'or' }, model: 'perceptron', seed: 2 },
    view: { pace: 1, neuron: { layer: 0, unit: 0 }, traceRow: 0, splits: [true, true, true] },
  },
  {
    name: 'rate',
    experiment: { data: { name: 'sine', noise: 0.1 }, model: 'adaline', learning_rate: 0.0001, epochs: 200 },
    view: { pace: 100 },
  },
  {
    name: 'xor',
    experiment: { data: { name: 'xor' }, model: 'perceptron' },
    view: { splits: [true, true, true] },
  },
  {
    name: 'hidden',
    experiment: {
      data: { name: 'circles', noise: 0.05 },
      model: 'mlp',
      hidden: [3],
      activation: ['tanh'],
      learning_rate: 0.03,
      epochs: 500,
    },
    view: {},
  },
  {
    name: 'activations',
    experiment: {
      data: { name: 'circles', noise: 0.05 },
      model: 'mlp',
      hidden: [6, 6, 6, 6, 6],
      activation: ['sigmoid', 'sigmoid', 'sigmoid', 'sigmoid', 'sigmoid'],
      optimizer: 'sgd',
      learning_rate: 0.1,
      epochs: 500,
    },
    view: { diagnosis: true },
  },
  {
    name: 'backpropagation',
    experiment: {
      data: { name: 'xor' },
      model: 'mlp',
      hidden: [2],
      activation: ['tanh'],
      optimizer: 'sgd',
      learning_rate: 0.5,
      schedule: 'constant',
      epochs: 500,
    },
    view: { neuron: { layer: 0, unit: 0 }, traceRow: 1, splits: [true, true, true] },
  },
  {
    name: 'dropout',
    experiment: {
      data: { name: 'moons', samples: 150, noise: 0.35, valid_size: 0.4 },
      model: 'mlp',
      hidden: [24, 24],
      activation: ['relu', 'relu'],
      dropout: 0,
      learning_rate: 0.01,
      epochs: 400,
      seed: 3,
    },
    view: {},
  },
  {
    name: 'classes',
    experiment: { data: { name: 'iris' }, model: 'mlp', hidden: [6], activation: ['tanh'], epochs: 300 },
    view: { x: 'petal_length', y: 'petal_width' },
  },
  {
    name: 'map',
    experiment: { data: { name: 'moons' }, model: 'som', grid: '10x10', last_radius: 0.5 },
    view: { pace: 100 },
  },
  {
    name: 'codes',
    experiment: { data: { name: 'digits' }, model: 'idec', clusters: 10 },
    view: { pace: 100 },
  },
  {
    name: 'table',
    experiment: { data: { name: 'california_housing' }, model: 'mlp', hidden: [8, 8], epochs: 20 },
    view: { x: 'Longitude', y: 'Latitude', splits: [true, false, false] },
  },
];

/** The lesson of a name. */
export function lessonOf(name: string | undefined): LessonState | undefined {
  return LESSONS.find((lesson) => lesson.name === name);
}

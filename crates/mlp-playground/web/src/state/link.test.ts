import { describe, expect, it } from 'vitest';
import { LESSONS } from '../lessons/states';
import { readLink, writeLink, type PageState } from './link';
import { FIRST_VIEW } from './view';

const FULL: PageState = {
  experiment: {
    data: {
      name: 'Häuser & Co.csv',
      samples: 120,
      noise: 0.25,
      target: 'price, net',
      drop: ['id', 'a,b', '100 %'],
      derive: ['x*y', 'a,b^2', 'sin(100 %)'],
      test_size: 0.3,
      valid_size: 0.1,
    },
    model: 'mlp',
    hidden: [8, 4],
    activation: ['tanh', 'leaky_relu'],
    dropout: 0,
    normalization: 'layer',
    loss: 'huber',
    optimizer: 'adamw',
    learning_rate: 1e-5,
    schedule: 'one-cycle',
    weight_decay: 0,
    batch_size: 16,
    epochs: 300,
    grid: '6x9',
    topology: 'hexagonal',
    last_radius: 0.5,
    clusters: 3,
    pretraining_epochs: 40,
    seed: 0,
  },
  view: {
    x: 'size=m²',
    y: 'year',
    row: 0,
    splits: [false, true, true],
    neuron: { layer: 1, unit: 3 },
    traceRow: 0,
    diagnosis: true,
    pace: 'full',
    color: 'class',
  },
  lesson: 'table',
  language: 'zh',
  embed: true,
};

describe('a link', () => {
  it('brings back every setting', () => {
    expect(readLink(`#${writeLink(FULL)}`)).toEqual(FULL);
  });

  it('says nothing of a page that nobody has changed', () => {
    const state: PageState = { experiment: { data: {} }, view: FIRST_VIEW, embed: false };
    expect(writeLink(state)).toBe('');
    expect(readLink('')).toEqual(state);
  });

  it('keeps a network without hidden layers, and a picture without rows', () => {
    const state: PageState = {
      experiment: { data: {}, hidden: [] },
      view: { ...FIRST_VIEW, splits: [false, false, false] },
      embed: false,
    };
    expect(readLink(writeLink(state))).toEqual(state);
  });

  it('can be read, and edited by hand', () => {
    const experiment = { data: { name: 'moons' }, hidden: [6, 3], activation: ['relu'] };
    expect(writeLink({ experiment, view: FIRST_VIEW, embed: false })).toBe('data=moons&hidden=6,3&activation=relu');
  });

  it('takes names as they are if they were escaped by nobody', () => {
    expect(readLink('#drop=100%25zz&derive=x^2,x*y').experiment.data).toEqual({
      drop: ['100%zz'],
      derive: ['x^2', 'x*y'],
    });
  });

  it('ignores what is no number', () => {
    const { experiment, view } = readLink('#noise=much&learning_rate=&neuron=a.b&trace=x&pace=warp&row=');
    expect(experiment).toEqual({ data: {} });
    expect(view).toEqual(FIRST_VIEW);
  });

  it('ignores numbers of rows and seeds that are negative or broken', () => {
    const { experiment, view } = readLink('#samples=-5&seed=1.5&epochs=-1&batch_size=2.5&row=-1&trace=0.5');
    expect(experiment).toEqual({ data: {} });
    expect(view).toEqual(FIRST_VIEW);
  });

  it('names what cannot be read', () => {
    const state = readLink('#data=iris&hidden=abc&seed=9007199254740993&noise=x&pace=full&epochs=5');
    expect(state.unread).toEqual(['noise', 'hidden', 'seed']);
    expect(state.experiment).toEqual({ data: { name: 'iris' }, epochs: 5 });
    for (const hidden of ['4,', '4,0', '2.5', '-1', '1e99']) {
      expect(readLink(`#hidden=${hidden}`).unread, hidden).toEqual(['hidden']);
    }
    expect(readLink('#hidden=4,2&seed=3').unread).toBeUndefined();
  });

  it('with nothing but a lesson shows that lesson, and forgets one that does not exist', () => {
    const { experiment, view, lesson, language } = readLink('#lesson=xor&lang=zh');
    const xor = LESSONS.find(({ name }) => name === 'xor');
    expect(experiment).toEqual(xor?.experiment);
    expect(view).toEqual({ ...FIRST_VIEW, ...xor?.view });
    expect([lesson, language]).toEqual(['xor', 'zh']);
    expect(readLink('#lesson=zzz').lesson).toBeUndefined();
    expect(readLink('#lesson=xor&data=iris').experiment).toEqual({ data: { name: 'iris' } });
  });

  it('brings back each lesson', () => {
    for (const { name, experiment, view } of LESSONS) {
      const state: PageState = { experiment, view: { ...FIRST_VIEW, ...view }, lesson: name, embed: false };
      expect(readLink(writeLink(state))).toEqual(state);
    }
  });
});

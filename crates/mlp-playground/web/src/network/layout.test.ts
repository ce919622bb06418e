import { describe, expect, it } from 'vitest';
import { edgeAt, heightShare, layOut } from './layout';
import { mapIndex, spreadOf } from './unitmap';

const MARGINS = { left: 60, right: 60, top: 70 };

describe('a layout', () => {
  it('places every neuron inside, and none upon another', () => {
    const layout = layOut([2, 8, 8, 2], 700, MARGINS);
    expect(layout.width).toBe(700);
    for (const { x, places } of layout.columns) {
      expect(x).toBeGreaterThanOrEqual(60);
      for (const [index, { y }] of places.entries()) {
        expect(y + layout.size / 2).toBeLessThanOrEqual(layout.height);
        if (index > 0) expect(y - places[index - 1].y).toBeGreaterThan(layout.size);
      }
    }
  });

  it('leaves out neurons that have no room, and says how many', () => {
    const [inputs, hidden] = layOut([64, 32, 10], 700, MARGINS).columns;
    expect(inputs.places.length + inputs.omitted).toBe(64);
    expect(inputs.omitted).toBeGreaterThan(1);
    expect(hidden.omitted + hidden.places.length).toBe(32);
  });

  it('becomes wider than the page rather than crowded', () => {
    expect(layOut([2, 4, 4, 4, 4, 4, 4, 2], 360, MARGINS).width).toBeGreaterThan(600);
  });
});

describe('a curve', () => {
  it('starts low, ends high, and is half way up in the middle', () => {
    expect(heightShare(0)).toBeCloseTo(0, 4);
    expect(heightShare(0.5)).toBeCloseTo(0.5, 4);
    expect(heightShare(1)).toBeCloseTo(1, 4);
  });

  it('is found under the pointer', () => {
    const layout = layOut([1, 2], 400, MARGINS);
    const [start, end] = layout.columns;
    const x = (start.x + end.x) / 2;
    const y = (start.places[0].y + end.places[1].y) / 2;
    expect(edgeAt(layout, { x, y: y + 2 }, 7)).toEqual({ layer: 0, from: 0, to: 1 });
    expect(edgeAt(layout, { x, y: y + 200 }, 7)).toBeUndefined();
    expect(edgeAt(layout, { x: start.x, y: start.places[0].y }, 7)).toBeUndefined();
  });
});

describe('the colours of a map', () => {
  it('have the whole range of a bounded activation, and zero in the middle of others', () => {
    expect(spreadOf('sigmoid', [0.4, 0.5])).toEqual({ middle: 0.5, reach: 0.5 });
    expect(spreadOf('tanh', [-0.1, 0.1])).toEqual({ middle: 0, reach: 1 });
    expect(spreadOf('relu', [0, 3])).toEqual({ middle: 0, reach: 3 });
    expect(spreadOf('identity', [-5, 3])).toEqual({ middle: 0, reach: 5 });
  });
});

describe('the maps', () => {
  it('come layer by layer', () => {
    const layers = [3, 2, 1].map((units) => ({ units, activation: 'tanh' }));
    const network = { inputs: [], layers, outputs: [], num_parameters: 0, has_probabilities: true };
    expect(mapIndex(network, 0, 2)).toBe(2);
    expect(mapIndex(network, 1, 1)).toBe(4);
  });
});

import { expect, it } from 'vitest';
import { paceOf } from './view';

it('a map is slower than other networks, unless a pace was chosen', () => {
  expect(paceOf('som', 'mlp', 1000)).toBe(100);
  expect(paceOf('mlp', 'som', 100)).toBe(1000);
  expect(paceOf('dec', 'som', 1000)).toBe(1000);
  expect(paceOf('perceptron', 'mlp', 100)).toBe(100);
  expect(paceOf('som', 'mlp', 'full')).toBe('full');
  expect(paceOf('mlp', 'idec', 10)).toBe(10);
});

import { expect, it } from 'vitest';
import { percent, short, whole } from './number';

it('numbers are as short as they can be read', () => {
  expect(short(0.123456)).toBe('0.123');
  expect(short(-1.5)).toBe('−1.5');
  expect(short(0)).toBe('0');
  expect(short(123456)).toBe('1.2e5');
  expect(short(-0.00002345)).toBe('−2.3e−5');
  expect(short(Number.POSITIVE_INFINITY)).toBe('∞');
  expect(short(undefined)).toBe('–');
});

it('large numbers have groups of three digits', () => {
  expect(whole(1234567)).toBe('1\u202f234\u202f567');
  expect(whole(12)).toBe('12');
});

it('shares are percentages', () => {
  expect(percent(0.9876)).toBe('98.8\u202f%');
  expect(percent(1)).toBe('100\u202f%');
});

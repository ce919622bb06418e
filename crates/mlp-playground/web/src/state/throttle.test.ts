import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { throttle } from './throttle';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('what is asked for often is done at once, and once more at the end', () => {
  const action = vi.fn();
  const ask = throttle(100, action);
  for (let count = 0; count < 5; count += 1) ask();
  expect(action).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(100);
  expect(action).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(1000);
  expect(action).toHaveBeenCalledTimes(2);
  ask();
  expect(action).toHaveBeenCalledTimes(3);
});

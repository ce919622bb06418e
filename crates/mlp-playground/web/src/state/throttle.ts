/**
 * Does something at once, but not again before so many milliseconds are over; what was asked for in between is
 * done once, after them.
 */
export function throttle(interval: number, action: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isWanted = false;
  const rest = (): void => {
    timer = undefined;
    if (isWanted) run();
  };
  const run = (): void => {
    isWanted = false;
    timer = setTimeout(rest, interval);
    action();
  };
  return () => {
    if (timer === undefined) run();
    else isWanted = true;
  };
}

/** At once, then no more often than that, and once more after the last call. */
export function throttle(everyMs: number, run: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isWanted = false;
  const runNow = () => {
    isWanted = false;
    run();
    timer = setTimeout(() => {
      timer = undefined;
      if (isWanted) runNow();
    }, everyMs);
  };
  return () => {
    isWanted = true;
    if (timer === undefined) runNow();
  };
}

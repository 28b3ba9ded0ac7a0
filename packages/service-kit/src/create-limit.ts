/** Runs what it is given, at most so many at once; the others wait their turn. */
export type Limit = <Result>(run: () => Promise<Result>) => Promise<Result>;

export function createLimit(most: number): Limit {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (run) => {
    // A turn is handed on, never given up in between: nobody can come first who came last.
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

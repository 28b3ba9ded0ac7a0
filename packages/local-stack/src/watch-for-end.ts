/** One key press reaches us more than once: from the terminal, from npm and from the bootstrap. */
const sameRequestMs = 1_000;
const parentPollMs = 500;

/**
 * Calls `end` at the first request to end: a signal, or the loss of our parent when `hasBootstrap`, because then npm
 * was ended, which tells nobody. A second request, a second later or more, calls `force`. Answers how to stop watching.
 */
export function watchForEnd({
  hasBootstrap,
  end,
  force,
}: {
  hasBootstrap: boolean;
  end: (reason: string) => void;
  force: () => void;
}): () => void {
  let firstAt: number | undefined;
  const request = (reason: string) => {
    if (firstAt === undefined) {
      firstAt = Date.now();
      end(reason);
    } else if (Date.now() - firstAt >= sameRequestMs) {
      force();
    }
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, request);
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (!hasBootstrap || process.ppid === parent) return;
    clearInterval(timer);
    request("npm is gone");
  }, parentPollMs);
  return () => {
    clearInterval(timer);
    for (const signal of signals) process.off(signal, request);
  };
}

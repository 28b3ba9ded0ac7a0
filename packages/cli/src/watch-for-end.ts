import { type EndingSignal, Interrupted, NobodyReads } from "./surroundings.ts";

/** One press of Ctrl-C reaches us more than once: from the terminal, from npm and from the bootstrap. */
const samePressMs = 1_000;

/**
 * Aborts at the first request to end, with an `Interrupted`, or when nobody reads stdout any more. A second request, a
 * second later or more, ends the process at once.
 */
export function watchForEnd(): { readonly signal: AbortSignal; stop(): void } {
  const ending = new AbortController();
  let firstAtMs: number | undefined;
  const request = (by: EndingSignal) => {
    if (firstAtMs === undefined) {
      firstAtMs = Date.now();
      ending.abort(new Interrupted(by));
    } else if (Date.now() - firstAtMs >= samePressMs) {
      process.off(by, request);
      process.kill(process.pid, by);
    }
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const name of signals) process.on(name, request);
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") ending.abort(new NobodyReads());
      else throw error;
    });
  }
  return {
    signal: ending.signal,
    stop: () => {
      for (const name of signals) process.off(name, request);
    },
  };
}

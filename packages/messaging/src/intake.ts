/** Whether a replica asks for messages at all: closed, what it runs goes on and nothing new comes. */
export interface Intake {
  /** Whether nothing new can come: it is closed, and what had been asked for has been called back. */
  readonly isDry: boolean;
  open(): void;
  close(): void;
  /** Asks for messages once it is open, until the signal, which closing and stopping abort. */
  ask(pull: (signal: AbortSignal) => Promise<void>): Promise<void>;
}

/** Open at first; after `stopping` nothing is asked for any more. */
export function createIntake(stopping: AbortSignal): Intake {
  const stopped = new Promise<void>((resolve) => stopping.addEventListener("abort", () => resolve(), { once: true }));
  let closing = new AbortController();
  let opening = Promise.withResolvers<void>();
  let isAsking = false;
  opening.resolve();
  return {
    get isDry() {
      return closing.signal.aborted && !isAsking;
    },
    open() {
      if (!closing.signal.aborted) return;
      closing = new AbortController();
      opening.resolve();
    },
    close() {
      if (closing.signal.aborted) return;
      opening = Promise.withResolvers<void>();
      closing.abort();
    },
    async ask(pull) {
      await Promise.race([opening.promise, stopped]);
      const signal = AbortSignal.any([stopping, closing.signal]);
      if (signal.aborted) return;
      isAsking = true;
      try {
        await pull(signal);
      } finally {
        isAsking = false;
      }
    },
  };
}

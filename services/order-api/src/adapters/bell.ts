/** Something to wait for that may also come while nobody waits. */
export interface Bell {
  ring(): void;
  /** Resolves when the bell rings, or has rung since the last wait, at the latest after the time. */
  wait(maximumMs: number): Promise<void>;
}

export function createBell(): Bell {
  let isRung = false;
  let wake: () => void = () => undefined;
  return {
    ring() {
      isRung = true;
      wake();
    },
    async wait(maximumMs) {
      if (!isRung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, maximumMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      isRung = false;
    },
  };
}

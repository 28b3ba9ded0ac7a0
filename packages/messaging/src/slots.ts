/** What a replica can start now. Work is asked of the broker only for free slots, so nothing waits in a buffer. */
export interface Slots {
  readonly inUse: number;
  take(): void;
  release(): void;
  /** Resolves to the number of free slots, at least one, or to 0 once closed. */
  free(): Promise<number>;
  close(): void;
}

export function createSlots(size: number): Slots {
  let inUse = 0;
  let isClosed = false;
  let wake: (() => void) | undefined;
  return {
    get inUse() {
      return inUse;
    },
    take() {
      inUse += 1;
    },
    release() {
      inUse -= 1;
      wake?.();
    },
    async free() {
      while (inUse >= size && !isClosed) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return isClosed ? 0 : size - inUse;
    },
    close() {
      isClosed = true;
      wake?.();
    },
  };
}

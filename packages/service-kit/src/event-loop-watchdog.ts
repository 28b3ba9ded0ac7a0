/** Ends a process that was blocked or frozen so long that others have taken over what it held. */
export interface EventLoopWatchdogOptions {
  /** The longest silence of the event loop that is still harmless; beyond the leases it is a zombie's. */
  readonly limitMs: number;
  readonly onSilence: (silentMs: number) => void;
  /** Milliseconds of a clock that also runs while the process is frozen. */
  readonly now?: () => number;
}

const beatsPerLimit = 10;
const longestBeatMs = 1_000;

/** Watches until disposed; speaks up once. */
export function watchEventLoop({
  limitMs,
  onSilence,
  now = () => performance.now(),
}: EventLoopWatchdogOptions): Disposable {
  const beatMs = Math.min(limitMs / beatsPerLimit, longestBeatMs);
  let lastBeatAt = now();
  const timer = setInterval(() => {
    const beatAt = now();
    const silentMs = beatAt - lastBeatAt - beatMs;
    lastBeatAt = beatAt;
    if (silentMs <= limitMs) return;
    clearInterval(timer);
    onSilence(Math.round(silentMs));
  }, beatMs);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

import type { OutputStream } from "../surroundings.ts";
import { shorten } from "./printable.ts";

/** At most ten times a second: more would only cost. */
const redrawMs = 100;
const barCharacters = 24;
/** A terminal that does not know its width says 0. */
const usualColumns = 80;

/** One line that is drawn over and over. Off a terminal it is nothing. */
export interface ProgressBar {
  update(progress: Progress): void;
  /** Takes the line away, so that something else can be written; the next update draws it again. */
  clear(): void;
}

export interface Progress {
  readonly done: number;
  /** 0 when it is not known yet. */
  readonly total: number;
  readonly text: string;
}

/**
 * Ours and not the one of @clack/prompts: that one takes over the keyboard, so that Ctrl-C ends the process with 0 and
 * past everything that must be said and released.
 */
export function createProgressBar(stream: OutputStream, nowMs: () => number = Date.now): ProgressBar {
  if (!stream.isTTY) return { update: () => undefined, clear: () => undefined };
  let drawnAtMs = 0;
  let isDrawn = false;
  return {
    update(progress) {
      const isWhole = progress.total > 0 && progress.done >= progress.total;
      if (isDrawn && !isWhole && nowMs() - drawnAtMs < redrawMs) return;
      drawnAtMs = nowMs();
      isDrawn = true;
      stream.write(`\r\x1b[2K${shorten(formatProgress(progress), (stream.columns || usualColumns) - 1)}`);
    },
    clear() {
      if (isDrawn) stream.write("\r\x1b[2K");
      isDrawn = false;
    },
  };
}

/** `██████░░░░░░  50%  5/10 images`. */
export function formatProgress({ done, total, text }: Progress): string {
  const share = total === 0 ? 0 : Math.min(1, done / total);
  const full = Math.floor(share * barCharacters);
  const bar = "█".repeat(full) + "░".repeat(barCharacters - full);
  return `${bar} ${String(Math.floor(share * 100)).padStart(3)}%  ${text}`;
}

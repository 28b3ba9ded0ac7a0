import type { Submission } from "../submission.ts";

/** Which predictions have lost their input, output, logs and files. */
export interface DataRetention {
  isRemoved(submission: Submission): boolean;
  /** Removes a prediction's data ahead of its time. */
  remove(submission: Submission): void;
}

export function createDataRetention(retentionMs: () => number): DataRetention {
  const removed = new WeakSet<Submission>();
  return {
    isRemoved(submission) {
      const { finishedAt } = submission;
      return removed.has(submission) || (finishedAt !== null && Date.now() - finishedAt >= retentionMs());
    },
    remove(submission) {
      removed.add(submission);
    },
  };
}

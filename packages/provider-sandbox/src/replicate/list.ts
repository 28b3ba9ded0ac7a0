import type { SandboxContext } from "../sandbox-context.ts";
import type { Submission } from "../submission.ts";

const pageSize = 100;

/** One page of predictions, newest first. */
export interface PredictionPage {
  readonly predictions: readonly Submission[];
  /** Starts the page after this one; null on the last. */
  readonly nextCursor: string | null;
}

export interface ListQuery {
  readonly cursor?: string;
  /** Milliseconds since the epoch. */
  readonly createdAfter?: number;
  readonly createdBefore?: number;
}

export function listPredictions({ ledger }: SandboxContext, query: ListQuery): PredictionPage {
  const { createdAfter = Number.NEGATIVE_INFINITY, createdBefore = Number.POSITIVE_INFINITY } = query;
  const predictions: Submission[] = [];
  for (const submission of ledger.newestFirst(readCursor(query.cursor))) {
    if (submission.provider !== "replicate" || submission.submittedAt >= createdBefore) continue;
    if (submission.submittedAt < createdAfter) break;
    const last = predictions.at(-1);
    if (predictions.length === pageSize && last) return { predictions, nextCursor: writeCursor(last.ordinal) };
    predictions.push(submission);
  }
  return { predictions, nextCursor: null };
}

function writeCursor(ordinal: number): string {
  return Buffer.from(`before:${ordinal}`).toString("base64url");
}

/** The ordinal a page starts below; undefined for the first page and for a cursor that is none of ours. */
function readCursor(cursor = ""): number | undefined {
  const match = /^before:(\d+)$/.exec(Buffer.from(cursor, "base64url").toString());
  return match ? Number(match[1]) : undefined;
}

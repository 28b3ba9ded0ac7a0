import { hash } from "node:crypto";
import { canonicalJson } from "./deterministic.ts";
import type { Ending, Input, Provider, Submission } from "./submission.ts";

/** Counts since the last reset, rows that have left the ledger included. */
export interface LedgerTotals {
  /** Submissions accepted. */
  submissions: number;
  /** Submissions that were charged for. */
  billed: number;
  /** Outputs charged for. */
  images: number;
  cancelled: number;
  /** Submissions whose provider, model and input, seed included, had been accepted before. */
  duplicates: number;
  /** Charged submissions whose provider, model and input, seed included, had been charged before. */
  paidTwice: number;
}

/** Every accepted submission and what it cost. */
export interface Ledger {
  record(accepted: NewSubmission): Submission;
  find(provider: Provider, id: string): Submission | undefined;
  /** Books a submission's ending. Called once a submission. */
  settle(submission: Submission, ending: Ending, finishedAt: number): void;
  /** Submissions from the newest to the oldest, starting below `beforeOrdinal`. */
  newestFirst(beforeOrdinal?: number): Generator<Submission>;
  totals(): LedgerTotals;
  reset(): void;
}

export type NewSubmission = Pick<
  Submission,
  "id" | "provider" | "model" | "version" | "webhook" | "webhookEvents" | "baseUrl"
> & { readonly input: Input };

interface FingerprintCount {
  submissions: number;
  billed: number;
  rows: number;
}

const emptyTotals = (): LedgerTotals => ({
  submissions: 0,
  billed: 0,
  images: 0,
  cancelled: 0,
  duplicates: 0,
  paidTwice: 0,
});

/** Keeps the newest `maxRows` submissions in memory; the oldest finished ones go first. */
export function createLedger(options: { maxRows: number }): Ledger {
  return new MemoryLedger(options.maxRows);
}

class MemoryLedger implements Ledger {
  readonly #maxRows: number;
  readonly #byId = new Map<string, Submission>();
  readonly #fingerprints = new Map<string, FingerprintCount>();
  #rows: Submission[] = [];
  #nextOrdinal = 1;
  #totals = emptyTotals();

  constructor(maxRows: number) {
    this.#maxRows = maxRows;
  }

  record(accepted: NewSubmission): Submission {
    const { input, ...described } = accepted;
    const submission: Submission = {
      ...described,
      ordinal: this.#nextOrdinal++,
      inputJson: JSON.stringify(input),
      fingerprint: readFingerprint(accepted),
      submittedAt: Date.now(),
      startedAt: null,
      finishedAt: null,
      state: "waiting",
      ending: null,
      cancelled: false,
      responseDelivered: false,
    };
    this.#rows.push(submission);
    this.#byId.set(submission.id, submission);
    this.#count(submission);
    this.#makeRoom();
    return submission;
  }

  find(provider: Provider, id: string): Submission | undefined {
    const submission = this.#byId.get(id);
    return submission?.provider === provider ? submission : undefined;
  }

  settle(submission: Submission, ending: Ending, finishedAt: number): void {
    submission.state = "finished";
    submission.ending = ending;
    submission.finishedAt = finishedAt;
    submission.cancelled = ending.kind === "cancelled";
    if (submission.cancelled) this.#totals.cancelled += 1;
    if (!ending.billed) return;
    this.#totals.billed += 1;
    this.#totals.images += ending.images;
    const seen = submission.fingerprint === null ? undefined : this.#fingerprints.get(submission.fingerprint);
    if (seen && ++seen.billed > 1) this.#totals.paidTwice += 1;
  }

  *newestFirst(beforeOrdinal = Number.POSITIVE_INFINITY): Generator<Submission> {
    const rows = this.#rows;
    for (let position = rows.length - 1; position >= 0; position -= 1) {
      const row = rows[position];
      if (row && row.ordinal < beforeOrdinal) yield row;
    }
  }

  totals(): LedgerTotals {
    return { ...this.#totals };
  }

  reset(): void {
    this.#rows = [];
    this.#totals = emptyTotals();
    this.#byId.clear();
    this.#fingerprints.clear();
  }

  #count(submission: Submission): void {
    this.#totals.submissions += 1;
    if (submission.fingerprint === null) return;
    const seen = this.#fingerprints.get(submission.fingerprint) ?? { submissions: 0, billed: 0, rows: 0 };
    if (seen.submissions > 0) this.#totals.duplicates += 1;
    seen.submissions += 1;
    seen.rows += 1;
    this.#fingerprints.set(submission.fingerprint, seen);
  }

  // A tenth of the rows at a time, so that the copy is rare.
  #makeRoom(): void {
    if (this.#rows.length < this.#maxRows * 1.1) return;
    const oldest = this.#rows.slice(0, this.#rows.length - this.#maxRows);
    const leaving = new Set(oldest.filter((row) => row.state === "finished"));
    for (const row of leaving) this.#forget(row);
    this.#rows = this.#rows.filter((row) => !leaving.has(row));
  }

  #forget(submission: Submission): void {
    this.#byId.delete(submission.id);
    if (submission.fingerprint === null) return;
    const seen = this.#fingerprints.get(submission.fingerprint);
    if (!seen) return;
    seen.rows -= 1;
    if (seen.rows === 0) this.#fingerprints.delete(submission.fingerprint);
  }
}

/** Without a seed, two equal inputs are two different generations, so nothing can be said about them. */
function readFingerprint({ provider, model, input }: NewSubmission): string | null {
  if (input.seed === undefined || input.seed === null) return null;
  return hash("sha1", canonicalJson([provider, model, input]), "base64url");
}

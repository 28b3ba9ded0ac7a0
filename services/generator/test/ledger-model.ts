/**
 * The ledger's SQL (`adapters/ledger-statements.ts`) once more, as pure functions of one row, for tests that need its
 * rules without its database. `ledger-model.component.test.ts` shows that both answer the same.
 */
import type { Recovery } from "../src/domain/generation-result.ts";
import type { AbandonAnswer, CheckpointAnswer, ClaimVerdict, FinishAnswer } from "../src/ports.ts";

export interface LedgerRow {
  readonly state: "open" | "submitting" | "submitted" | "finished";
  readonly nonce: string;
  readonly submits: number;
  readonly leaseToken?: string | undefined;
  readonly leaseUntilMs?: number | undefined;
  readonly submitToken?: string | undefined;
  readonly submitStartedAtMs?: number | undefined;
  readonly requestId?: string | undefined;
  readonly recovery?: Recovery | undefined;
  readonly result?: unknown;
}

/** What a statement leaves in the row, and what it answers. */
interface Changed<Answer> {
  readonly row: LedgerRow;
  readonly answer: Answer;
}

interface Claiming {
  readonly token: string;
  /** Of the row, if there is none yet. */
  readonly nonce: string;
  readonly nowMs: number;
  readonly leaseMs: number;
}

function claim(row: LedgerRow | undefined, { token, nonce, nowMs, leaseMs }: Claiming): Changed<ClaimVerdict> {
  const lease = { leaseToken: token, leaseUntilMs: nowMs + leaseMs };
  const right = { state: "submitting", submitToken: token, submitStartedAtMs: nowMs } as const;
  if (!row) return answered({ nonce, submits: 1, ...lease, ...right }, token, nowMs);
  const isFree = row.state !== "finished" && (row.leaseUntilMs === undefined || row.leaseUntilMs < nowMs);
  const isOpen = isFree && row.state === "open";
  const claimed = { ...row, ...(isFree && lease), ...(isOpen && { ...right, submits: row.submits + 1 }) };
  return answered(claimed, token, nowMs);
}

function answered(row: LedgerRow, token: string, nowMs: number): Changed<ClaimVerdict> {
  return { row, answer: verdictOf(row, token, nowMs) };
}

function verdictOf(row: LedgerRow, token: string, nowMs: number): ClaimVerdict {
  const submitAgeMs = nowMs - (row.submitStartedAtMs ?? nowMs);
  if (row.state === "finished") return { kind: "finished", result: row.result };
  if (row.leaseToken !== token) return { kind: "held", leaseLeftMs: Math.max(0, (row.leaseUntilMs ?? nowMs) - nowMs) };
  const { recovery } = row;
  if (row.state === "submitted") return { kind: "resume", requestId: row.requestId ?? "", submitAgeMs, recovery };
  if (row.submitToken === token) return { kind: "submit", nonce: row.nonce, recovery };
  return { kind: "unknown", submitAgeMs, nonce: row.nonce, submits: row.submits };
}

/** Answers whether the lease is still this token's. */
function renew(
  row: LedgerRow,
  { token, nowMs, leaseMs }: { token: string; nowMs: number; leaseMs: number },
): Changed<boolean> {
  if (row.leaseToken !== token || row.state === "finished") return { row, answer: false };
  return { row: { ...row, leaseUntilMs: nowMs + leaseMs }, answer: true };
}

interface RecordedRequest {
  readonly token: string;
  readonly requestId: string;
  /** A checkpoint by the submit right, an adoption by the lease. */
  readonly fencedBy: "submitToken" | "leaseToken";
  /** Of an adoption. */
  readonly recovery?: Recovery;
}

function recordRequest(
  row: LedgerRow,
  { token, requestId, fencedBy, recovery = row.recovery }: RecordedRequest,
): Changed<CheckpointAnswer> {
  const isAllowed = row.state === "submitting" && row[fencedBy] === token;
  const next: LedgerRow = isAllowed ? { ...row, state: "submitted", requestId, recovery } : row;
  const recorded = next.requestId === requestId;
  return { row: next, answer: { recorded, held: recorded && next.leaseToken === token } };
}

/** Answers the nonce that may be submitted once more, or nothing. */
function resubmit(
  row: LedgerRow,
  bounds: { token: string; nowMs: number; leaseMs: number; graceMs: number; resubmitsMax: number },
): Changed<string | undefined> {
  const { token, nowMs, leaseMs, graceMs, resubmitsMax } = bounds;
  const isHeld = row.leaseToken === token && row.leaseUntilMs !== undefined && row.leaseUntilMs > nowMs;
  const isOld = row.submitStartedAtMs !== undefined && row.submitStartedAtMs < nowMs - graceMs;
  if (row.state !== "submitting" || !isHeld || !isOld || row.submits > resubmitsMax) return { row, answer: undefined };
  const right = {
    submitToken: token,
    submitStartedAtMs: nowMs,
    submits: row.submits + 1,
    recovery: "resubmitted",
  } as const;
  return { row: { ...row, ...right, leaseUntilMs: nowMs + leaseMs }, answer: row.nonce };
}

function reopen(row: LedgerRow, token: string): LedgerRow {
  if (row.submitToken !== token || row.state !== "submitting") return row;
  return { ...row, state: "open", leaseUntilMs: row.leaseToken === token ? undefined : row.leaseUntilMs };
}

function release(row: LedgerRow, token: string): LedgerRow {
  return row.leaseToken === token && row.state !== "finished" ? { ...row, leaseUntilMs: undefined } : row;
}

function finish(
  row: LedgerRow,
  { requestId, result }: { requestId: string | undefined; result: unknown },
): Changed<FinishAnswer> {
  if (row.state === "finished") return { row, answer: { kind: "finished", result: row.result } };
  if (row.requestId !== requestId) return { row, answer: { kind: "superseded" } };
  return {
    row: { ...row, state: "finished", result, leaseUntilMs: undefined },
    answer: { kind: "finished", result },
  };
}

/** Ends what nobody has submitted. Answers the result, when it is this one. */
function stop(
  row: LedgerRow | undefined,
  { nonce, result }: { nonce: string; result: unknown },
): { row: LedgerRow; answer: unknown } {
  if (row && (row.state !== "open" || row.recovery)) return { row, answer: undefined };
  const stopped = { state: "finished", result, leaseUntilMs: undefined } as const;
  return { row: row ? { ...row, ...stopped } : { nonce, submits: 1, ...stopped }, answer: result };
}

/** Ends a call wherever it stands, unless a worker has it. */
function abandon(
  row: LedgerRow | undefined,
  { nonce, result, nowMs }: { nonce: string; result: unknown; nowMs: number },
): Changed<AbandonAnswer> {
  const end = { state: "finished", result, leaseUntilMs: undefined } as const;
  if (!row) return { row: { nonce, submits: 1, ...end }, answer: { kind: "finished", result } };
  if (row.state === "finished") return { row, answer: { kind: "finished", result: row.result } };
  const isHeld = row.leaseUntilMs !== undefined && row.leaseUntilMs >= nowMs;
  if (isHeld) return { row, answer: { kind: "held", leaseLeftMs: (row.leaseUntilMs ?? nowMs) - nowMs } };
  return { row: { ...row, ...end }, answer: { kind: "finished", result } };
}

/** One function a statement. */
export const ledgerModel = { abandon, claim, renew, recordRequest, resubmit, reopen, release, finish, stop };
export type LedgerModel = typeof ledgerModel;

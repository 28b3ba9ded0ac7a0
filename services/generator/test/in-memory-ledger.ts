/** The ledger's rules without a database; passes the same contract as the real one. */
import type { CallKey, Claim, ClaimVerdict, Ledger } from "../src/ports.ts";

interface Row {
  state: "open" | "submitting" | "submitted" | "finished";
  readonly nonce: string;
  leaseToken: string;
  leaseUntil: number;
  submitToken: string;
  submitStartedAt: number;
  submits: number;
  requestId: string | undefined;
  result: unknown;
}

export interface InMemoryLedger extends Ledger {
  /** Rows by `<item>:<attempt>`. */
  readonly rows: ReadonlyMap<string, Row>;
  /** What was asked of it, in order. */
  readonly calls: string[];
  /** What providers called back: request ids by nonce. */
  readonly callbacks: Map<string, string>;
  /** Up to which attempt orders are cancelled, by order id. */
  readonly cancelledAttempts: Map<string, number>;
  /** Takes the lease away, as another worker would after a long pause of this one; tells the holder. */
  takeOver(key: CallKey): void;
  /** Thrown by the next call of an operation, once. */
  failNext(operation: "claim" | "checkpoint" | "reopen" | "finish" | "release", error: Error): void;
}

const keyOf = ({ itemId, attempt }: CallKey) => `${itemId}:${attempt}`;
const copy = (value: unknown) => JSON.parse(JSON.stringify(value));

function verdictOf(row: Row, token: string, now: number): ClaimVerdict {
  const submitAgeMs = now - row.submitStartedAt;
  if (row.state === "finished") return { kind: "finished", result: row.result };
  if (row.leaseToken !== token) return { kind: "held", leaseLeftMs: row.leaseUntil - now };
  if (row.state === "submitted") return { kind: "resume", requestId: row.requestId ?? "", submitAgeMs };
  if (row.submitToken === token) return { kind: "submit", nonce: row.nonce };
  return { kind: "unknown", submitAgeMs, nonce: row.nonce, submits: row.submits };
}

export function createInMemoryLedger({ leaseMs }: { leaseMs: number }): InMemoryLedger {
  const rows = new Map<string, Row>();
  const calls: string[] = [];
  const callbacks = new Map<string, string>();
  const cancelledAttempts = new Map<string, number>();
  const holders = new Map<string, () => void>();
  const failures = new Map<string, Error>();
  const enter = async (operation: string) => {
    await new Promise(setImmediate);
    calls.push(operation);
    const failure = failures.get(operation);
    failures.delete(operation);
    if (failure) throw failure;
  };
  const rowOf = (key: CallKey): Row => {
    const row = rows.get(keyOf(key));
    if (!row) throw new Error("the ledger has no such call");
    return row;
  };

  return {
    rows,
    calls,
    callbacks,
    cancelledAttempts,
    takeOver(key) {
      Object.assign(rowOf(key), { leaseToken: "another", leaseUntil: performance.now() + leaseMs });
      holders.get(keyOf(key))?.();
    },
    failNext: (operation, error) => void failures.set(operation, error),
    async claim(key): Promise<Claim> {
      const sentAt = performance.now();
      await enter("claim");
      const token = crypto.randomUUID();
      const now = performance.now();
      const ours = { leaseToken: token, leaseUntil: now + leaseMs };
      const rights = { state: "submitting", submitToken: token, submitStartedAt: now } as const;
      const row = rows.get(keyOf(key));
      if (!row) {
        const nonce = crypto.randomUUID();
        rows.set(keyOf(key), { ...ours, ...rights, nonce, submits: 1, requestId: undefined, result: undefined });
      } else if (row.state !== "finished" && row.leaseUntil < now) {
        Object.assign(row, ours, row.state === "open" ? { ...rights, submits: row.submits + 1 } : {});
      }
      return { verdict: verdictOf(rowOf(key), token, now), token, leaseDeadline: sentAt + leaseMs };
    },
    keepAlive(key, _claim, onLost) {
      holders.set(keyOf(key), onLost);
      return { [Symbol.dispose]: () => void holders.delete(keyOf(key)) };
    },
    async checkpoint(key, { token }, requestId) {
      await enter("checkpoint");
      const row = rowOf(key);
      if (row.state === "submitting" && row.submitToken === token) {
        Object.assign(row, { state: "submitted", requestId });
      }
      const recorded = row.requestId === requestId;
      return { recorded, held: recorded && row.leaseToken === token };
    },
    async adopt(key, { token }, requestId) {
      await enter("adopt");
      const row = rowOf(key);
      if (row.state === "submitting" && row.leaseToken === token) Object.assign(row, { state: "submitted", requestId });
      const recorded = row.requestId === requestId;
      return { recorded, held: recorded && row.leaseToken === token };
    },
    async resubmit(key, { token }, { graceMs, resubmitsMax }) {
      const sentAt = performance.now();
      await enter("resubmit");
      const row = rowOf(key);
      const now = performance.now();
      const isUnknown = row.state === "submitting" && row.leaseToken === token && row.leaseUntil > now;
      if (!isUnknown || now - row.submitStartedAt <= graceMs || row.submits > resubmitsMax) return undefined;
      const submits = row.submits + 1;
      Object.assign(row, { submitToken: token, submitStartedAt: now, submits, leaseUntil: now + leaseMs });
      return { verdict: { kind: "submit", nonce: row.nonce }, token, leaseDeadline: sentAt + leaseMs };
    },
    async readCallback(nonce) {
      await enter("readCallback");
      return callbacks.get(nonce);
    },
    async knownRequestIds(_provider, requestIds) {
      const known = new Set([...rows.values()].map(({ requestId }) => requestId));
      return new Set(requestIds.filter((requestId) => known.has(requestId)));
    },
    async readCancelledAttempt({ orderId }) {
      return cancelledAttempts.get(orderId) ?? 0;
    },
    /** Knows no items of orders, so nothing is unstarted here. */
    async stopUnstarted() {
      return [];
    },
    async reopen(key, { token }) {
      await enter("reopen");
      const row = rowOf(key);
      if (row.state === "submitting" && row.leaseToken === token && row.submitToken === token) {
        Object.assign(row, { state: "open", leaseUntil: Number.NEGATIVE_INFINITY });
      }
    },
    async finish(key, requestId, result) {
      await enter("finish");
      const row = rowOf(key);
      if (row.state !== "finished") {
        if (row.requestId !== requestId) return { kind: "superseded" };
        Object.assign(row, { state: "finished", result: copy(result), leaseUntil: Number.NEGATIVE_INFINITY });
      }
      return { kind: "finished", result: row.result };
    },
    async release(key, { token }) {
      await enter("release");
      const row = rowOf(key);
      if (row.leaseToken === token) row.leaseUntil = Number.NEGATIVE_INFINITY;
    },
  };
}

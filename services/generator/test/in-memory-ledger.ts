/** The ledger's rules without a database; passes the same contract as the real one. */
import type { CallKey, Claim, LeaseListener, Ledger } from "../src/ports.ts";
import { type LedgerRow, ledgerModel } from "./ledger-model.ts";

type Failing = "claim" | "checkpoint" | "reopen" | "finish" | "release";

export interface InMemoryLedger extends Ledger {
  /** Rows by `<item>:<attempt>`. */
  readonly rows: ReadonlyMap<string, LedgerRow>;
  /** What was asked of it, in order. */
  readonly calls: string[];
  /** What providers called back: request ids by nonce. */
  readonly callbacks: Map<string, string>;
  /** Up to which attempt the order of an item is cancelled, by item id. */
  readonly cancelledAttempts: Map<string, number>;
  /** The lease is over, and nobody has noticed. */
  expireLease(key: CallKey): void;
  /** Takes the lease away, as another worker would after a long pause of this one; tells the holder. */
  takeOver(key: CallKey): void;
  /** A renewal finds that the order is cancelled. */
  tellCancelled(key: CallKey): void;
  /** Thrown by the next call of an operation, once. */
  failNext(operation: Failing, error: Error): void;
}

const keyOf = ({ itemId, attempt }: CallKey) => `${itemId}:${attempt}`;
const copy = (value: unknown) => JSON.parse(JSON.stringify(value));

export function createInMemoryLedger({ leaseMs }: { leaseMs: number }): InMemoryLedger {
  const rows = new Map<string, LedgerRow>();
  const calls: string[] = [];
  const callbacks = new Map<string, string>();
  const cancelledAttempts = new Map<string, number>();
  const holders = new Map<string, LeaseListener>();
  const failures = new Map<string, Error>();
  const fail = (operation: string) => {
    const failure = failures.get(operation);
    failures.delete(operation);
    if (failure) throw failure;
  };
  const enter = async (operation: string) => {
    await new Promise(setImmediate);
    calls.push(operation);
    fail(operation);
  };
  const rowOf = (key: CallKey): LedgerRow => {
    const row = rows.get(keyOf(key));
    if (!row) throw new Error("the ledger has no such call");
    return row;
  };

  /** Leaves in the row what the model says, and answers what it answers. */
  const change = <Answer>(key: CallKey, changed: { row: LedgerRow; answer: Answer }): Answer => {
    rows.set(keyOf(key), changed.row);
    return changed.answer;
  };

  return {
    rows,
    calls,
    callbacks,
    cancelledAttempts,
    expireLease: (key) => void rows.set(keyOf(key), { ...rowOf(key), leaseUntilMs: Number.NEGATIVE_INFINITY }),
    takeOver(key) {
      const leaseUntilMs = performance.now() + leaseMs;
      rows.set(keyOf(key), { ...rowOf(key), leaseToken: "another", leaseUntilMs });
      holders.get(keyOf(key))?.onLost();
    },
    failNext: (operation, error) => void failures.set(operation, error),
    async claim(key): Promise<Claim> {
      const sentAt = performance.now();
      await enter("claim");
      const token = crypto.randomUUID();
      const claiming = { token, nonce: crypto.randomUUID(), nowMs: performance.now(), leaseMs };
      const verdict = change(key, ledgerModel.claim(rows.get(keyOf(key)), claiming));
      const isCancelled = key.attempt <= (cancelledAttempts.get(key.itemId) ?? 0);
      return { verdict, token, leaseDeadline: sentAt + leaseMs, isCancelled };
    },
    tellCancelled: (key) => holders.get(keyOf(key))?.onCancelled(),
    keepAlive(key, _claim, listener) {
      holders.set(keyOf(key), listener);
      return { [Symbol.dispose]: () => void holders.delete(keyOf(key)) };
    },
    async checkpoint(key, { token }, requestId) {
      await enter("checkpoint");
      return change(key, ledgerModel.recordRequest(rowOf(key), { token, requestId, fencedBy: "submitToken" }));
    },
    async adopt(key, { token }, requestId, recovery) {
      await enter("adopt");
      return change(key, ledgerModel.recordRequest(rowOf(key), { token, requestId, fencedBy: "leaseToken", recovery }));
    },
    async resubmit(key, claim, bounds) {
      const sentAt = performance.now();
      await enter("resubmit");
      const asked = { token: claim.token, nowMs: performance.now(), leaseMs, ...bounds };
      const nonce = change(key, ledgerModel.resubmit(rowOf(key), asked));
      if (nonce === undefined) return undefined;
      return { ...claim, verdict: { kind: "submit", nonce }, leaseDeadline: sentAt + leaseMs };
    },
    async readCallback(nonce) {
      await enter("readCallback");
      return callbacks.get(nonce);
    },
    async knownRequestIds(_provider, requestIds) {
      const known = new Set([...rows.values()].map(({ requestId }) => requestId));
      return new Set(requestIds.filter((requestId) => known.has(requestId)));
    },
    /** Knows no items of orders, so nothing is unstarted here. */
    async stopUnstarted() {
      return [];
    },
    async abandon(key, _provider, result) {
      await enter("abandon");
      const asked = { nonce: crypto.randomUUID(), result: copy(result), nowMs: performance.now() };
      return change(key, ledgerModel.abandon(rows.get(keyOf(key)), asked));
    },
    async reopen(key, { token }) {
      await enter("reopen");
      rows.set(keyOf(key), ledgerModel.reopen(rowOf(key), token));
    },
    async finish(key, requestId, result) {
      await enter("finish");
      return change(key, ledgerModel.finish(rowOf(key), { requestId, result: copy(result) }));
    },
    async release(key, { token }) {
      await enter("release");
      rows.set(keyOf(key), ledgerModel.release(rowOf(key), token));
    },
  };
}

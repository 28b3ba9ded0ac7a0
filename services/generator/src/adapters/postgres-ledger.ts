/** The pay-once ledger in Postgres: table `provider_calls`, which the generator alone writes. */
import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { isDatabaseAtFault } from "@tirage/database";
import { type Logger, RetryLaterError } from "@tirage/messaging";
import type pg from "pg";
import type { Recovery } from "../domain/generation-result.ts";
import type { CallKey, CheckpointAnswer, Claim, ClaimVerdict, FinishAnswer, Ledger } from "../ports.ts";
import { createLeaseRenewal, type Lease, type Renewed } from "./lease-renewal.ts";
import {
  adoptStatement,
  type CallState,
  type ClaimedRow,
  checkpointStatement,
  claimStatement,
  finishStatement,
  knownRequestsStatement,
  readCallbacksStatement,
  readStatement,
  releaseStatement,
  renewStatement,
  reopenStatement,
  resubmitStatement,
} from "./ledger-statements.ts";
import { createStatementGroup } from "./statement-group.ts";
import { abandonCall, stopUnstarted } from "./stop-calls.ts";
import { createUnusedRights, type UnusedRights } from "./unused-rights.ts";

/**
 * For the pool: the ledger only looks up by key. A statement first planned on an empty table would otherwise scan it,
 * for as long as the connection lives.
 */
export const ledgerSessionSettings = { enable_seqscan: "off", enable_hashjoin: "off", enable_mergejoin: "off" };

export interface PostgresLedgerOptions {
  /** With `ledgerSessionSettings`. */
  readonly pool: pg.Pool;
  readonly logger: Logger;
  /** How long a claim or a renewal holds a call. */
  readonly leaseMs: number;
}

const renewalsPerLease = 3;
const nonceBytes = 18;
const retryDelayMs = 1_000;
const claimRetryMs = 200;

/** Ascends as the primary key does; attempts have at most two digits. */
const keyOf = ({ itemId, attempt }: CallKey) => `${itemId}:${String(attempt).padStart(2, "0")}`;
const rowKeyOf = ({ item_id, attempt }: KeyRow) => keyOf({ itemId: item_id, attempt });
const keyArrays = (keys: readonly CallKey[]) => [keys.map(({ itemId }) => itemId), keys.map(({ attempt }) => attempt)];

interface KeyRow {
  readonly item_id: string;
  readonly attempt: number;
}

interface ReadRow extends KeyRow {
  readonly state: CallState;
  readonly request_id: string | null;
  readonly result: unknown;
  readonly lease_token: string | null;
}

type Token = CallKey & { readonly token: string };
type ClaimRequest = CallKey & { readonly provider: string };
type CheckpointRequest = Token & { readonly requestId: string };
type AdoptionRequest = CheckpointRequest & { readonly recovery: Recovery };
type FinishRequest = CallKey & { readonly requestId: string | undefined; readonly result: unknown };

type RunStatement = <Row>(statement: { name: string; text: string }, values: unknown[]) => Promise<Row[]>;

function createRunStatement(pool: pg.Pool): RunStatement {
  return async <Row>(statement: { name: string; text: string }, values: unknown[]) => {
    try {
      const { rows } = await pool.query({ ...statement, values });
      return rows as Row[];
    } catch (error) {
      if (!isDatabaseAtFault(error)) throw error;
      const { message } = error as Error;
      throw new RetryLaterError("database_away", message, { delayMs: retryDelayMs, cause: error });
    }
  };
}

function verdictOf(row: ClaimedRow): ClaimVerdict {
  const submitAgeMs = row.submit_age_ms ?? 0;
  if (row.verdict === "finished") return { kind: "finished", result: row.result };
  if (row.verdict === "held") return { kind: "held", leaseLeftMs: Math.max(0, row.lease_left_ms ?? 0) };
  const recovery = (row.recovery ?? undefined) as Recovery | undefined;
  if (row.verdict === "submit") return { kind: "submit", nonce: row.nonce, recovery };
  if (row.verdict === "unknown") return { kind: "unknown", submitAgeMs, nonce: row.nonce, submits: row.submits };
  if (row.request_id === null) throw new Error("a submitted call has no request id");
  return { kind: "resume", requestId: row.request_id, submitAgeMs, recovery };
}

/**
 * Claims under one fresh token. A claim may be committed and its answer lost; repeated under the same token, as long as
 * the lease lasts, it answers as it would have, where a new token would find the call held and its submit unknown. After
 * that the rights that it may have are not used.
 */
async function claimAll(
  run: RunStatement,
  requests: readonly ClaimRequest[],
  { leaseMs, unusedRights }: { readonly leaseMs: number; readonly unusedRights: UnusedRights },
): Promise<Map<string, Claim>> {
  const token = randomUUID();
  const nonces = requests.map(() => randomBytes(nonceBytes).toString("base64url"));
  const sentAt = performance.now();
  const values = [...keyArrays(requests), requests.map(({ provider }) => provider), nonces, token, leaseMs];
  for (;;) {
    try {
      const rows = await run<ClaimedRow>(claimStatement, values);
      const leaseDeadline = sentAt + leaseMs;
      return new Map(
        rows.map((row) => [
          rowKeyOf(row),
          { verdict: verdictOf(row), token, leaseDeadline, isCancelled: row.cancelled },
        ]),
      );
    } catch (error) {
      const isPatient = performance.now() - sentAt < leaseMs;
      if (error instanceof RetryLaterError && isPatient) await delay(claimRetryMs);
      else {
        unusedRights.keep(requests.map(({ itemId, attempt }) => ({ itemId, attempt, token })));
        throw error;
      }
    }
  }
}

function readCalls(run: RunStatement, keys: readonly CallKey[]): Promise<ReadRow[]> {
  return run<ReadRow>(readStatement, keyArrays(keys));
}

/**
 * Records request ids by the checkpoint's or the adopting statement. A row that was not updated may hold the same
 * request id all the same: when an earlier answer was lost.
 */
async function recordRequests(
  run: RunStatement,
  statement: { name: string; text: string },
  requests: readonly (CheckpointRequest | AdoptionRequest)[],
): Promise<Map<string, CheckpointAnswer>> {
  const rows = await run<KeyRow & { held: boolean | null }>(statement, [
    ...keyArrays(requests),
    requests.map(({ token }) => token),
    requests.map(({ requestId }) => requestId),
    ...(statement === adoptStatement ? [requests.map((request) => "recovery" in request && request.recovery)] : []),
  ]);
  const answers = new Map(rows.map((row) => [rowKeyOf(row), { recorded: true, held: row.held === true }]));
  const missing = new Map(requests.filter((key) => !answers.has(keyOf(key))).map((key) => [keyOf(key), key]));
  if (missing.size === 0) return answers;
  for (const row of await readCalls(run, [...missing.values()])) {
    const request = missing.get(rowKeyOf(row));
    const recorded = row.request_id === request?.requestId;
    answers.set(rowKeyOf(row), { recorded, held: recorded && row.lease_token === request?.token });
  }
  return answers;
}

async function finishAll(run: RunStatement, requests: readonly FinishRequest[]): Promise<Map<string, FinishAnswer>> {
  const rows = await run<KeyRow>(finishStatement, [
    ...keyArrays(requests),
    requests.map(({ requestId }) => requestId ?? null),
    requests.map(({ result }) => JSON.stringify(result)),
  ]);
  const finishedHere = new Set(rows.map(rowKeyOf));
  const answers = new Map<string, FinishAnswer>();
  const missing: FinishRequest[] = [];
  for (const request of requests) {
    if (finishedHere.has(keyOf(request))) answers.set(keyOf(request), { kind: "finished", result: request.result });
    else missing.push(request);
  }
  if (missing.length === 0) return answers;
  for (const { state, result, ...row } of await readCalls(run, missing)) {
    answers.set(rowKeyOf(row), state === "finished" ? { kind: "finished", result } : { kind: "superseded" });
  }
  return answers;
}

/** The right is not given twice: when its answer was lost, the call stays unknown. */
async function resubmitOne(
  run: RunStatement,
  { itemId, attempt }: CallKey,
  claim: Claim,
  bounds: { leaseMs: number; graceMs: number; resubmitsMax: number },
): Promise<Claim | undefined> {
  const { leaseMs, graceMs, resubmitsMax } = bounds;
  const leaseDeadline = performance.now() + leaseMs;
  const values = [itemId, attempt, claim.token, leaseMs, graceMs, resubmitsMax];
  const [row] = await run<KeyRow & { nonce: string }>(resubmitStatement, values);
  return row && { ...claim, verdict: { kind: "submit", nonce: row.nonce }, leaseDeadline };
}

async function readCallbacks(run: RunStatement, nonces: readonly string[]): Promise<Map<string, string>> {
  const rows = await run<{ nonce: string; request_id: string }>(readCallbacksStatement, [nonces]);
  return new Map(rows.map(({ nonce, request_id }) => [nonce, request_id]));
}

async function knownRequestIds(run: RunStatement, provider: string, requestIds: readonly string[]) {
  if (requestIds.length === 0) return new Set<string>();
  const rows = await run<{ request_id: string }>(knownRequestsStatement, [provider, requestIds]);
  return new Set(rows.map(({ request_id }) => request_id));
}

/** Runs an update that only a token's holder can make; rows that it does not match are another's by now. */
async function updateByToken(
  run: RunStatement,
  statement: { name: string; text: string },
  requests: readonly Token[],
): Promise<Map<string, true>> {
  const rows = await run<KeyRow>(statement, [...keyArrays(requests), requests.map(({ token }) => token)]);
  return new Map(rows.map((row) => [rowKeyOf(row), true]));
}

async function renewAll(run: RunStatement, leases: readonly Lease[], leaseMs: number): Promise<Renewed> {
  const ordered = [...leases].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  const values = [...keyArrays(ordered), ordered.map(({ token }) => token), leaseMs];
  const rows = await run<KeyRow & { lease_token: string; cancelled: boolean }>(renewStatement, values);
  // By token too: a lease that was lost may have been claimed again by this same process.
  const kept = new Map(rows.map((row) => [`${rowKeyOf(row)}:${row.lease_token}`, row.cancelled]));
  const answerOf = (lease: Lease) => kept.get(`${keyOf(lease)}:${lease.token}`);
  return {
    lost: ordered.filter((lease) => answerOf(lease) === undefined),
    cancelled: ordered.filter((lease) => answerOf(lease) === true),
  };
}

/** Dispose it before the pool ends. */
export function createPostgresLedger({ pool, logger, leaseMs }: PostgresLedgerOptions): Ledger & Disposable {
  const run = createRunStatement(pool);
  const unusedRights = createUnusedRights({
    giveBack: (rights) => updateByToken(run, reopenStatement, rights),
    onError: (error) => logger.warn({ error: String(error) }, "unused submit rights could not be given back yet"),
  });
  const claims = createStatementGroup<ClaimRequest, Claim>({
    keyOf,
    execute: (all) => claimAll(run, all, { leaseMs, unusedRights }),
  });
  const checkpoints = createStatementGroup<CheckpointRequest, CheckpointAnswer>({
    keyOf,
    execute: (all) => recordRequests(run, checkpointStatement, all),
  });
  const adoptions = createStatementGroup<AdoptionRequest, CheckpointAnswer>({
    keyOf,
    execute: (all) => recordRequests(run, adoptStatement, all),
  });
  const callbacks = createStatementGroup<string, string>({
    keyOf: (nonce) => nonce,
    execute: (nonces) => readCallbacks(run, nonces),
  });
  const finishes = createStatementGroup<FinishRequest, FinishAnswer>({ keyOf, execute: (all) => finishAll(run, all) });
  const reopens = createStatementGroup<Token, true>({
    keyOf,
    execute: (all) => updateByToken(run, reopenStatement, all),
  });
  const releases = createStatementGroup<Token, true>({
    keyOf,
    execute: (all) => updateByToken(run, releaseStatement, all),
  });
  const renewal = createLeaseRenewal({
    everyMs: leaseMs / renewalsPerLease,
    renew: (leases) => renewAll(run, leases, leaseMs),
    onError: (error) => logger.warn({ error: String(error) }, "leases could not be renewed; trying again"),
  });
  const required = <Answer>(answer: Answer | undefined, { itemId }: CallKey): Answer => {
    if (answer === undefined) throw new Error(`the ledger has no call of item ${itemId}`);
    return answer;
  };
  return {
    async claim(key, provider) {
      await unusedRights.settle(key);
      return required(await claims({ ...key, provider }), key);
    },
    keepAlive: (key, { token }, heard) => renewal.keep({ ...key, token, ...heard }),
    checkpoint: async (key, { token }, requestId) => required(await checkpoints({ ...key, token, requestId }), key),
    adopt: async (key, { token }, requestId, recovery) =>
      required(await adoptions({ ...key, token, requestId, recovery }), key),
    resubmit: (key, claim, bounds) => resubmitOne(run, key, claim, { ...bounds, leaseMs }),
    readCallback: (nonce) => callbacks(nonce),
    knownRequestIds: (provider, requestIds) => knownRequestIds(run, provider, requestIds),
    stopUnstarted: (orderId, throughAttempt, resultOf) => stopUnstarted(run, { orderId, throughAttempt }, resultOf),
    abandon: (key, provider, result) => abandonCall(run, key, { provider, result }),
    async reopen(key, { token }) {
      try {
        await reopens({ ...key, token });
      } catch (error) {
        unusedRights.keep([{ itemId: key.itemId, attempt: key.attempt, token }]);
        throw error;
      }
    },
    finish: async (key, requestId, result) => required(await finishes({ ...key, requestId, result }), key),
    release: async (key, { token }) => void (await releases({ ...key, token })),
    [Symbol.dispose]() {
      renewal[Symbol.dispose]();
      unusedRights[Symbol.dispose]();
    },
  };
}

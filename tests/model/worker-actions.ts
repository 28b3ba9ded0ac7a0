/** What a worker may do next: `flow/billed-generation.ts` and what it calls, one effect at a time, by the same rules. */
import {
  type CallResult,
  completedResult,
  failedResult,
  isEnd,
  readRecord,
  recordOf,
  stoppedResult,
  type Work,
} from "../../services/generator/src/domain/generation-result.ts";
import { nextAttemptOf, underEpoch } from "../../services/generator/src/domain/new-attempt.ts";
import {
  decideOnUnknown,
  hasTimeToSubmit,
  outcomeUnknown,
  submitTimeoutMs,
} from "../../services/generator/src/domain/submit-rules.ts";
import type { LedgerRow } from "../../services/generator/test/ledger-model.ts";
import type { ItemEvent } from "../../services/status-aggregator/src/domain/fold-item-events.ts";
import {
  type Action,
  isSame,
  keyOf,
  leaseMs,
  type ProviderRequest,
  type Run,
  type Worker,
  type World,
} from "./world.ts";

const idle: Worker = { next: "take" };
const ending = { workerId: "worker", finishedAt: new Date(0) };
const output = { contentType: "image/png", bytes: 1, width: 1, height: 1, sha256: "0".repeat(64) };

export function withWorker(world: World, position: number, worker: Worker): World {
  return { ...world, workers: world.workers.with(position, worker) };
}

const withRow = (world: World, key: string, row: LedgerRow): World => ({
  ...world,
  rows: { ...world.rows, [key]: row },
});

/** The row of a claimed call: rows are never deleted. */
function rowOf({ rows }: World, { work }: Run): LedgerRow {
  const row = rows[keyOf(work)];
  if (!row) throw new Error(`there is no row ${keyOf(work)}`);
  return row;
}

/** Adds what was not said before. */
export function announce(world: World, event: ItemEvent): World {
  if (world.announced.some((one) => isSame(one, event))) return world;
  return { ...world, announced: [...world.announced, event] };
}

/** Adds work unless the same waits already. */
export function enqueue(world: World, work: Work): World {
  return world.queue.some((one) => isSame(one, work)) ? world : { ...world, queue: [...world.queue, work] };
}

const eventOf = ({ name, payload }: CallResult) => ({ name, payload }) as ItemEvent;

const failureOf = (code: string) => ({ code, message: code, retryable: false });

function claim(world: World, position: number, work: Work): World {
  const key = keyOf(work);
  const token = `token-${world.tokens}`;
  const claiming = { token, nonce: `nonce-${key}`, nowMs: world.nowMs, leaseMs };
  const { row, answer } = world.rules.ledger.claim(world.rows[key], claiming);
  const isStopping = work.attempt <= world.cancelledThrough;
  const { recovery } = row;
  const run: Run = { work, token, leaseDeadlineMs: world.nowMs + leaseMs, isStopping, recovery };
  const claimed = withRow({ ...world, tokens: world.tokens + 1 }, key, row);
  switch (answer.kind) {
    case "finished":
      return withWorker(claimed, position, { next: "announce", work, result: readRecord(answer.result) });
    case "held":
      return withWorker(claimed, position, idle);
    case "submit":
      return withWorker(claimed, position, { next: "guard", run });
    case "resume":
      return withWorker(claimed, position, { next: "wait", run, requestId: answer.requestId });
    case "unknown":
      return withWorker(claimed, position, { next: "reconcile", run, unknown: answer });
  }
}

function abandon(world: World, position: number, work: Work): World {
  const key = keyOf(work);
  const result = recordOf(failedResult(work, failureOf("crash_loop"), ending));
  const abandoning = { nonce: `nonce-${key}`, result, nowMs: world.nowMs };
  const { row, answer } = world.rules.ledger.abandon(world.rows[key], abandoning);
  const abandoned = withRow(world, key, row);
  if (answer.kind === "held") return withWorker(abandoned, position, idle);
  return withWorker(abandoned, position, { next: "announce", work, result: readRecord(answer.result) });
}

function guard(world: World, run: Run): Worker {
  if (run.isStopping && run.recovery) {
    return { next: "finish", run, requestId: undefined, result: failedResult(run.work, outcomeUnknown("fal"), ending) };
  }
  if (run.isStopping) {
    const result = stoppedResult(run.work, { reason: "customer", outcome: "not_started" }, ending);
    return { next: "finish", run, requestId: undefined, result };
  }
  if (!hasTimeToSubmit(world.nowMs, run.leaseDeadlineMs)) return { next: "reopen", run };
  return { next: "submit", run, untilMs: world.nowMs + submitTimeoutMs };
}

/** The provider takes the request and sells it. */
function sell(world: World, run: Run): { world: World; requestId: string } {
  const { nonce } = rowOf(world, run);
  const key = keyOf(run.work);
  const requestId = `request-${key}-${world.requests.length}`;
  const request: ProviderRequest = { requestId, key, nonce, state: "running" };
  const callbacks = world.rules.callsBackAtOnce ? { [nonce]: requestId, ...world.callbacks } : world.callbacks;
  return { world: { ...world, requests: [...world.requests, request], callbacks }, requestId };
}

function submitActions(world: World, position: number, run: Run, untilMs: number): Action[] {
  const { nonce } = rowOf(world, run);
  const counted = { ...world, submits: { ...world.submits, [nonce]: (world.submits[nonce] ?? 0) + 1 } };
  const unknown = () => withWorker(counted, position, { next: "release", run });
  const none = { name: "submit: no answer, not accepted", run: unknown };
  if (world.nowMs > untilMs && !world.rules.zombies) return [none];
  return [
    {
      name: "submit: accepted",
      run() {
        const { world: sold, requestId } = sell(counted, run);
        return withWorker(sold, position, { next: "checkpoint", run, requestId });
      },
    },
    none,
    {
      name: "submit: accepted, no answer",
      run: () => withWorker(sell(counted, run).world, position, { next: "release", run }),
    },
    {
      name: "submit: refused",
      run() {
        const result = failedResult(run.work, failureOf("moderated"), ending);
        return withWorker(world, position, { next: "finish", run, requestId: undefined, result });
      },
    },
    { name: "submit: surely not accepted", run: () => withWorker(world, position, { next: "reopen", run }) },
  ];
}

function record(world: World, position: number, run: Run, requestId: string, by: "checkpoint" | "adopt"): World {
  const fencedBy = by === "checkpoint" ? "submitToken" : "leaseToken";
  const { row, answer } = world.rules.ledger.recordRequest(rowOf(world, run), {
    token: run.token,
    requestId,
    fencedBy,
  });
  const recorded = withRow(world, keyOf(run.work), row);
  if (!answer.recorded || !answer.held) return withWorker(recorded, position, { next: "release", run });
  const { itemId, orderId, index, attempt } = run.work;
  const payload = { ...{ itemId, orderId, index, attempt, workerId: "worker" }, providerRequestId: requestId };
  const started = announce(recorded, {
    name: "item.started",
    payload: { ...payload, startedAt: new Date(0).toISOString() },
  });
  return withWorker(started, position, { next: "wait", run, requestId });
}

function reconcile(world: World, worker: Worker<"reconcile">): Worker {
  const { run, unknown } = worker;
  const { policy } = world.rules;
  const requestId = world.callbacks[unknown.nonce];
  if (requestId !== undefined) return { next: "adopt", run, requestId };
  const allowed = run.isStopping ? ({ ...policy, onUnknown: "fail" } as const) : policy;
  const decision = decideOnUnknown({ ...unknown, provider: "fal", priceMicroUsd: 3_000 }, allowed);
  if (decision.kind === "wait") return { next: "release", run };
  if (decision.kind === "resubmit") return { next: "resubmit", run };
  return { next: "finish", run, requestId: undefined, result: failedResult(run.work, decision.failure, ending) };
}

function resubmit(world: World, position: number, run: Run): World {
  const { graceMs, resubmitsMax } = world.rules.policy;
  const bounds = { token: run.token, nowMs: world.nowMs, leaseMs, graceMs, resubmitsMax };
  const { row, answer } = world.rules.ledger.resubmit(rowOf(world, run), bounds);
  const given: Run = { ...run, recovery: "resubmitted", leaseDeadlineMs: world.nowMs + leaseMs };
  const changed = withRow(world, keyOf(run.work), row);
  return withWorker(changed, position, answer === undefined ? { next: "release", run } : { next: "guard", run: given });
}

type EndState = Exclude<ProviderRequest["state"], "running">;

/** What the ended request comes to. */
function resultOf(state: EndState, { work, isStopping }: Run, requestId: string): CallResult {
  const ended = { ...ending, requestId };
  switch (state) {
    case "succeeded": {
      const outputs = Array.from({ length: work.batchSize }, (_, index) => ({
        ...output,
        index,
        storageKey: "a",
        seed: 1,
      }));
      return completedResult(work, { outputs }, ended);
    }
    case "failed":
      return failedResult(work, failureOf("moderated"), ended);
    case "failed_in_passing":
      return (isStopping ? undefined : nextAttemptOf(work, "unbilled")) ?? failedResult(work, failureOf("lost"), ended);
    case "aborted":
    case "billed":
      return isStopping
        ? stoppedResult(work, { reason: "customer", outcome: state }, ended)
        : failedResult(work, failureOf("cancelled"), ended);
  }
}

function finish(world: World, position: number, worker: Worker<"finish">): World {
  const { run, requestId, result } = worker;
  const { row, answer } = world.rules.ledger.finish(rowOf(world, run), { requestId, result: recordOf(result) });
  const finished = withRow(world, keyOf(run.work), row);
  if (answer.kind === "superseded") return withWorker(finished, position, { next: "release", run });
  return withWorker(finished, position, { next: "announce", work: run.work, result: readRecord(answer.result) });
}

function tell(world: World, position: number, work: Work, result: CallResult): World {
  const told = isEnd(result)
    ? announce(world, eventOf(result))
    : enqueue(world, underEpoch(result, work.epoch).payload);
  return withWorker(told, position, { next: "acknowledge", work });
}

function acknowledge(world: World, position: number, work: Work): World {
  return withWorker({ ...world, queue: world.queue.filter((one) => !isSame(one, work)) }, position, idle);
}

function waitActions(world: World, position: number, worker: Worker<"wait">): Action[] {
  const { run, requestId } = worker;
  const state = world.requests.find((one) => one.requestId === requestId)?.state ?? "running";
  if (state === "running") return [];
  const see = () => ({ next: "finish", run, requestId, result: resultOf(state, run, requestId) }) as const;
  return [{ name: "see the end", run: () => withWorker(world, position, see()) }];
}

/** Renews the lease; who has lost it hands the work back. */
function renew(world: World, position: number, run: Run): World {
  const { row, answer } = world.rules.ledger.renew(rowOf(world, run), {
    token: run.token,
    nowMs: world.nowMs,
    leaseMs,
  });
  if (!answer) return withWorker(world, position, { next: "release", run });
  return withRow(world, keyOf(run.work), row);
}

/** Of one worker. Several actions: the outside decides which. */
export function workerActions(world: World, position: number): Action[] {
  const worker = world.workers[position] ?? idle;
  const then = (next: () => Worker) => [{ name: worker.next, run: () => withWorker(world, position, next()) }];
  const change = (run: () => World) => [{ name: worker.next, run }];
  switch (worker.next) {
    case "take":
      return (["claim", "abandon"] as const).flatMap((next) =>
        world.queue.map((work) => ({
          name: `take ${keyOf(work)} to ${next}`,
          run: () => withWorker(world, position, { next, work }),
        })),
      );
    case "abandon":
      return change(() => abandon(world, position, worker.work));
    case "claim":
      return change(() => claim(world, position, worker.work));
    case "guard":
      return then(() => guard(world, worker.run));
    case "submit":
      return submitActions(world, position, worker.run, worker.untilMs);
    case "checkpoint":
    case "adopt":
      return change(() => record(world, position, worker.run, worker.requestId, worker.next));
    case "reconcile":
      return then(() => reconcile(world, worker));
    case "resubmit":
      return change(() => resubmit(world, position, worker.run));
    case "wait":
      return [
        ...waitActions(world, position, worker),
        { name: "renew", run: () => renew(world, position, worker.run) },
      ];
    case "finish":
      return change(() => finish(world, position, worker));
    case "announce":
      return change(() => tell(world, position, worker.work, worker.result));
    case "acknowledge":
      return change(() => acknowledge(world, position, worker.work));
    case "reopen":
    case "release": {
      const { run, next } = worker;
      return change(() => {
        const row = world.rules.ledger[next](rowOf(world, run), run.token);
        return withWorker(withRow(world, keyOf(run.work), row), position, idle);
      });
    }
  }
}

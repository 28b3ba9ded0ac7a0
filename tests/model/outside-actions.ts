/** What may happen around the workers: to the network, the broker, the provider, by the customer, and in the other services. */
import {
  type GenerationResult,
  isEnd,
  readRecord,
  recordOf,
  stoppedResult,
} from "../../services/generator/src/domain/generation-result.ts";
import { chooseCancel } from "../../services/order-api/src/domain/choose-cancel.ts";
import { chooseRetry } from "../../services/order-api/src/domain/choose-retry.ts";
import { foldItemEvents, type ItemEvent } from "../../services/status-aggregator/src/domain/fold-item-events.ts";
import {
  endOrder,
  hasEnded,
  type MadeTransition,
  moveOrder,
  recountedOrder,
} from "../../services/status-aggregator/src/domain/order-state.ts";
import type { ModelItem } from "../../services/status-aggregator/test/item-model.ts";
import { announce, enqueue, withWorker } from "./worker-actions.ts";
import { type Action, batchSize, keyOf, type ProviderRequest, type Retry, type World, workOf } from "./world.ts";

/** Time passes in these: a third of a lease, a sixth of the grace, a submit's timeout. */
export const tickMs = 10_000;

const isOpen = ({ status }: ModelItem) => status === "pending" || status === "processing";
const isStopped = ({ status }: ModelItem) => status === "failed" || status === "cancelled";

function settled(world: World, order: World["order"], items: World["items"]): World {
  const ended = hasEnded(order) ? endOrder(order, { finishedAt: new Date(0), firstFailure: null }) : order;
  return { ...world, items, order: ended };
}

/** The aggregator applies a batch. */
export function applyEvents(world: World, events: readonly ItemEvent[]): World {
  const made: MadeTransition[] = [];
  let { items } = world;
  for (const transition of foldItemEvents(events)) {
    const item = items[transition.index];
    const next = item && world.rules.items.move(item, transition);
    if (!item || !next || next === item) continue;
    items = items.with(transition.index, next);
    made.push({ transition, previousStatus: item.status, previousProduced: item.produced });
  }
  return settled(world, moveOrder(world.order, made), items);
}

export function countItems({ items, order }: World) {
  const count = (status: ModelItem["status"]) => items.filter((item) => item.status === status).length;
  return {
    itemsTotal: items.length,
    itemsPending: count("pending"),
    itemsProcessing: count("processing"),
    itemsCompleted: count("completed"),
    itemsFailed: count("failed"),
    itemsCancelled: count("cancelled"),
    productsProduced: items.reduce((sum, { produced }) => sum + produced, 0),
    startedAt: order.startedAt,
  };
}

/** The aggregator hears of a retry. */
export function reopenItems(world: World, { attempt, indexes }: Retry): World {
  const items = world.items.map((item, index) =>
    indexes.includes(index) ? world.rules.items.reopen(item, attempt) : item,
  );
  const order = recountedOrder(world.order, countItems({ ...world, items }));
  return order === world.order ? { ...world, items } : settled(world, order, items);
}

/** The dispatcher hears of a retry. */
export function dispatchRetry(world: World, { attempt, indexes }: Retry): World {
  return indexes.reduce((reached, index) => enqueue(reached, workOf(index, attempt)), world);
}

/** As order-api reads it, whatever it keeps beside it. */
const readOrder = ({ order }: World) => ({ ...order, traceParent: null, retriedAt: null, outputsCharged: null });

const highestRetry = (retries: readonly Retry[]) => Math.max(0, ...retries.map(({ attempt }) => attempt));

/** Whether every item of a retry shows it: completed ones never will. */
export const isTakenUp = ({ items }: World, { attempt, indexes }: Retry) =>
  indexes.every((index) => {
    const item = items[index];
    return !item || item.attempt >= attempt || item.status === "completed";
  });

/** As order-api reads it: of the retries that are not taken up. */
const openRetry = (world: World) => highestRetry(world.retries.filter((retry) => !isTakenUp(world, retry)));
const highestAttempt = ({ items }: World) => Math.max(...items.map(({ attempt }) => attempt));

/** order-api takes a retry, or refuses it. */
function askForRetry(world: World): World {
  const endedItems = world.items.flatMap((item, index) => (isStopped(item) ? [{ index, batchSize }] : []));
  const choice = chooseRetry({
    ...{ order: readOrder(world), endedItems, itemAttempt: highestAttempt(world), retryAttempt: openRetry(world) },
    ...{ requestAttempt: Math.max(highestRetry(world.retries), world.cancelledThrough), isExpired: false },
  });
  return choice.kind === "run" ? { ...world, retries: [...world.retries, choice] } : world;
}

/** order-api takes a cancel, or refuses it. */
function askForCancel(world: World): World {
  const order = readOrder(world);
  const through = chooseCancel({ order, itemAttempt: highestAttempt(world), retryAttempt: openRetry(world) });
  return through === undefined ? world : { ...world, cancelledThrough: through };
}

/** Attempts of an item that have a row, up to one, the highest first. */
const attemptsWithRow = ({ rows }: World, index: number, through: number) =>
  Array.from({ length: through }, (_, below) => through - below).filter((attempt) => rows[keyOf({ index, attempt })]);

/** The handler of a cancel reads what nobody has submitted (`stoppableStatement`). */
export function readStoppable(world: World): World {
  const through = world.cancelledThrough;
  const toStop = world.items.flatMap((item, index): World["toStop"][number][] => {
    if (!isOpen(item) || item.attempt > through) return [];
    const [highest = item.attempt] = attemptsWithRow(world, index, through).filter((one) => one >= item.attempt);
    const row = world.rows[keyOf({ index, attempt: highest })];
    if (row?.state === "submitting" || row?.state === "submitted" || (row?.state === "open" && row.recovery)) return [];
    if (row?.state !== "finished") return [{ index, attempt: highest }];
    const ended = readRecord(row.result);
    return [isEnd(ended) ? { index, attempt: highest, ended } : { index, attempt: ended.payload.attempt }];
  });
  return { ...world, toStop };
}

/** Ends one of them, or announces the end of one. */
export function stopNext(world: World): World {
  const [target, ...others] = world.toStop;
  if (!target) return world;
  const rest: World = { ...world, toStop: others };
  const { ended } = target;
  if (ended) return ended.name === "item.completed" ? rest : announce(rest, eventOf(ended));
  const key = keyOf(target);
  const { itemId, orderId } = workOf(target.index, target.attempt);
  const ending = { workerId: "worker", finishedAt: new Date(0) };
  const how = { reason: "customer", outcome: "not_started" } as const;
  const result = stoppedResult({ itemId, orderId, ...target }, how, ending);
  const { row, answer } = world.rules.ledger.stop(world.rows[key], { nonce: `nonce-${key}`, result: recordOf(result) });
  const stopped: World = { ...rest, rows: { ...world.rows, [key]: row } };
  return answer === undefined ? stopped : { ...stopped, toStop: [{ ...target, ended: result }, ...others] };
}

const eventOf = ({ name, payload }: GenerationResult) => ({ name, payload }) as ItemEvent;

/** Dispatches an item again at the ledger's highest attempt (`openItemsSql`), as the reconciler does with a missing one. */
export function redispatch(world: World, index: number): World {
  const item = world.items[index];
  if (!item || !isOpen(item) || world.queue.some((work) => work.index === index)) return world;
  const highest = Math.max(...Object.keys(world.rows).map((key) => (key.startsWith(`${index}:`) ? attemptOf(key) : 0)));
  const asked = world.retries.filter(({ attempt, indexes }) => attempt <= item.attempt && indexes.includes(index));
  const firstAttempt = Math.max(1, ...asked.map(({ attempt }) => attempt));
  return enqueue(world, workOf(index, Math.max(item.attempt, highest), firstAttempt));
}

const attemptOf = (key: string) => Number(key.split(":")[1]);

function withRequest(world: World, { requestId }: ProviderRequest, state: ProviderRequest["state"]): World {
  const requests = world.requests.map((one) => (one.requestId === requestId ? { ...one, state } : one));
  return { ...world, requests };
}

/** The provider ends a request, and calls back. */
export function providerActions(world: World): Action[] {
  return world.requests.flatMap((request) => {
    const { nonce, requestId, state } = request;
    const callback = { name: `call back ${requestId}`, run: () => callBack(world, request) };
    const callbacks = world.callbacks[nonce] === undefined ? [callback] : [];
    if (state !== "running") return callbacks;
    const ends = (["succeeded", "failed", "failed_in_passing", "aborted", "billed"] as const).map((end) => ({
      name: `${requestId} ${end}`,
      run: () => withRequest(world, request, end),
    }));
    return [...ends, ...callbacks];
  });
}

/** The first callback of a nonce stays. */
export function callBack(world: World, { nonce, requestId }: ProviderRequest): World {
  return { ...world, callbacks: { [nonce]: requestId, ...world.callbacks } };
}

/** A worker that runs something hears that the order is cancelled. */
export function hearCancel(world: World, position: number): World {
  const worker = world.workers[position];
  if (!worker || !("run" in worker) || worker.run.work.attempt > world.cancelledThrough) return world;
  return withWorker(world, position, { ...worker, run: { ...worker.run, isStopping: true } });
}

function crash(world: World, position: number): World {
  return withWorker(world, position, { next: "take" });
}

export function customerActions(world: World): Action[] {
  return [
    { name: "ask for a retry", run: () => askForRetry(world) },
    { name: "ask for a cancel", run: () => askForCancel(world) },
  ];
}

/** The other services go on, each as late and as often as it likes. */
export function serviceActions(world: World): Action[] {
  const { announced, retries, items } = world;
  const cancel = { name: "read what to stop", run: () => readStoppable(world) };
  return [
    ...announced.map((event) => ({ name: `apply ${event.name}`, run: () => applyEvents(world, [event]) })),
    ...(announced.length > 1
      ? [
          { name: "apply all events", run: () => applyEvents(world, announced) },
          { name: "apply all events backwards", run: () => applyEvents(world, announced.toReversed()) },
        ]
      : []),
    ...retries.flatMap((retry) => [
      { name: `dispatch retry ${retry.attempt}`, run: () => dispatchRetry(world, retry) },
      { name: `reopen for retry ${retry.attempt}`, run: () => reopenItems(world, retry) },
    ]),
    ...items.map((_, index) => ({ name: `redispatch ${index}`, run: () => redispatch(world, index) })),
    ...(world.cancelledThrough > 0 ? [cancel] : []),
    ...(world.toStop.length > 0 ? [{ name: "stop the next", run: () => stopNext(world) }] : []),
  ];
}

/** What goes wrong. */
export function faultActions(world: World): Action[] {
  const { workers, queue, toStop } = world;
  return [
    ...workers.flatMap((worker, position) =>
      worker.next === "take" ? [] : [{ name: `kill worker ${position}`, run: () => crash(world, position) }],
    ),
    ...queue.map((work, position) => ({
      name: `lose work ${keyOf(work)}`,
      run: () => ({ ...world, queue: queue.toSpliced(position, 1) }),
    })),
    ...(workers.every(({ next }) => next === "take")
      ? []
      : [{ name: "wipe the broker", run: () => ({ ...world, queue: [], announced: [] }) }]),
    ...(toStop.length > 0 ? [{ name: "kill who stops", run: () => ({ ...world, toStop: [] }) }] : []),
  ];
}

/** Walks through the worlds that may come to be, and brings a world to rest once nothing goes wrong any more. */
import { isTerminal } from "@tirage/contracts";
import { hasEnded } from "../../services/status-aggregator/src/domain/order-state.ts";
import { violationOf } from "./invariants.ts";
import {
  applyEvents,
  callBack,
  customerActions,
  dispatchRetry,
  faultActions,
  hearCancel,
  isTakenUp,
  providerActions,
  readStoppable,
  redispatch,
  reopenItems,
  serviceActions,
  stopNext,
  tickMs,
} from "./outside-actions.ts";
import { workerActions } from "./worker-actions.ts";
import type { Action, World } from "./world.ts";

class Violation extends Error {}

/** What happened, in words, and the world that it led to. */
export interface Walk {
  readonly world: World;
  readonly names: readonly string[];
}

const pass = (world: World): World => ({ ...world, nowMs: world.nowMs + tickMs });

/** Kinds of actions; a kind is drawn first, so that workers get on however much else may happen. */
function actionsOf(world: World, kind: number): Action[] {
  const positions = world.workers.map((_, position) => position);
  if (kind < 9) return positions.flatMap((position) => workerActions(world, position));
  if (kind < 12) return providerActions(world);
  if (kind < 14) return serviceActions(world);
  if (kind < 16) return [{ name: "time passes", run: () => pass(world) }];
  if (kind < 17) return faultActions(world);
  return [
    ...customerActions(world),
    ...positions.map((position) => ({ name: `${position} hears of it`, run: () => hearCancel(world, position) })),
  ];
}
const kinds = 18;

/** Of each kind as many as the choices ask for. */
export function walk(from: World, choices: readonly number[]): Walk {
  let world = from;
  const names: string[] = [];
  for (const choice of choices) {
    const actions = actionsOf(world, choice % kinds);
    const action = actions[Math.floor(choice / kinds) % Math.max(1, actions.length)];
    const next = action?.run() ?? world;
    if (!action || next === world) continue;
    names.push(action.name);
    world = step(world, next, names);
  }
  return { world, names };
}

function step(before: World, after: World, names: readonly string[]): World {
  const violation = violationOf(before, after);
  if (violation !== undefined) throw new Violation(`${violation}\nafter: ${names.join("\n       ")}`);
  return after;
}

/** Twice what the slowest way to the end takes: a grace, and then all attempts. */
const roundsToRest = 60;
const stepsOfWorker = 12;

function isAtRest({ order, items, workers, queue }: World): boolean {
  const isEnded = hasEnded(order) && items.every(({ status }) => isTerminal(status));
  return isEnded && queue.length === 0 && workers.every(({ next }) => next === "take");
}

/** From here on nothing goes wrong: everybody gets on, every message arrives. Throws when that does not end it. */
export function bringToRest({ world: from, names }: Walk): World {
  let world = from;
  const said = [...names];
  const go = (name: string, next: World) => {
    said.push(name);
    world = step(world, next, said);
  };
  for (let round = 0; round < roundsToRest && !isAtRest(world); round += 1) {
    for (const request of world.requests) {
      if (world.callbacks[request.nonce] === undefined) go("call back", callBack(world, request));
    }
    for (const position of world.workers.keys()) {
      go("hear", hearCancel(world, position));
      for (let taken = 0; taken < stepsOfWorker; taken += 1) {
        const [action] = endRequests(world, position);
        if (!action || (taken > 0 && world.workers[position]?.next === "take")) break;
        go(action.name, action.run());
      }
    }
    for (const retry of world.retries.filter((one) => !isTakenUp(world, one))) {
      go("dispatch retry", dispatchRetry(world, retry));
      go("reopen for retry", reopenItems(world, retry));
    }
    if (world.cancelledThrough > 0) go("read what to stop", readStoppable(world));
    while (world.toStop.length > 0) go("stop", stopNext(world));
    go("apply", applyEvents(world, world.announced));
    for (const index of world.items.keys()) go("redispatch", redispatch(world, index));
    go("time passes", pass(world));
  }
  if (!isAtRest(world))
    throw new Violation(`it does not end: ${JSON.stringify(world)}\nafter: ${names.join("\n       ")}`);
  return world;
}

/** The first thing a worker does; what it waits for ends well. */
function endRequests(world: World, position: number): Action[] {
  const worker = world.workers[position];
  const request =
    worker?.next === "wait" ? world.requests.find(({ requestId }) => requestId === worker.requestId) : undefined;
  const end = request && providerActions(world).find(({ name }) => name === `${request.requestId} succeeded`);
  return end ? [end] : workerActions(world, position);
}

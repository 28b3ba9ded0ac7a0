/** What must hold of every world, and of every step from one to the next. */
import { isTerminal, readProgress, rollUp } from "@tirage/contracts";
import { isEnd, readRecord } from "../../services/generator/src/domain/generation-result.ts";
import { countItems } from "./outside-actions.ts";
import { isSame, keyOf, type World } from "./world.ts";

function ledgerViolation(before: World, after: World): string | undefined {
  for (const [key, old] of Object.entries(before.rows)) {
    const row = after.rows[key];
    if (!row || row === old) continue;
    if (old.state === "finished" && !isSame(row.result, old.result)) return `the result of ${key} changed`;
    if (old.state === "finished" && row.state !== "finished") return `${key} is no longer finished`;
    if (old.requestId !== undefined && row.requestId !== old.requestId) return `the request of ${key} changed`;
    if (row.nonce !== old.nonce) return `the nonce of ${key} changed`;
    const isAlive = old.leaseUntilMs !== undefined && old.leaseUntilMs >= before.nowMs;
    if (isAlive && row.leaseToken !== old.leaseToken) return `the living lease of ${key} changed hands`;
  }
  return undefined;
}

function itemViolation(before: World, after: World): string | undefined {
  for (const [index, item] of after.items.entries()) {
    const old = before.items[index];
    if (!old || old === item) continue;
    if (item.attempt < old.attempt) return `item ${index} went back to attempt ${item.attempt}`;
    if (!isTerminal(old.status)) continue;
    if (old.status === "completed") return `item ${index} was completed and is ${item.status}`;
    if (item.attempt === old.attempt) return `item ${index} was ${old.status} and is ${item.status}`;
    const isAsked = after.retries.some(
      ({ attempt, indexes }) => attempt <= item.attempt && attempt > old.attempt && indexes.includes(index),
    );
    if (!isAsked) return `item ${index} left its end, and nobody asked for it`;
  }
  return undefined;
}

function countViolation(world: World): string | undefined {
  const counts = countItems(world);
  const { order } = world;
  for (const [name, count] of Object.entries(counts)) {
    if (name !== "startedAt" && order[name as keyof typeof counts] !== count) return `${name} is not ${count}`;
  }
  const { status, partial } = rollUp(readProgress(order));
  return order.status === status && order.partial === partial ? undefined : `the order is not ${status}`;
}

/** What an item says of its end is what the ledger recorded. */
function endViolation(world: World): string | undefined {
  for (const [index, item] of world.items.entries()) {
    if (!isTerminal(item.status)) continue;
    const key = keyOf({ index, attempt: item.attempt });
    const row = world.rows[key];
    const result = row?.state === "finished" ? readRecord(row.result) : undefined;
    if (!result || !isEnd(result)) return `item ${key} is ${item.status}, and the ledger knows nothing of it`;
    if (result.name !== `item.${item.status}`) return `item ${key} is ${item.status}, the ledger says ${result.name}`;
    const isSold = world.requests.some((request) => request.key === key);
    if (result.name === "item.cancelled" && result.payload.outcome === "not_started" && isSold) {
      return `item ${key} is said not to be started, and was sold`;
    }
    const isUndecided = result.name === "item.failed" && result.payload.error.code === "outcome_unknown";
    if (isUndecided && isSold && world.rules.callsBackAtOnce) return `item ${key} is undecided, and was called back`;
  }
  return undefined;
}

function purchaseViolation(world: World): string | undefined {
  const { policy } = world.rules;
  const most = policy.onUnknown === "resubmit" ? 1 + policy.resubmitsMax : 1;
  for (const [nonce, count] of Object.entries(world.submits))
    if (count > most) return `${nonce} was submitted ${count} times`;
  for (const { nonce, key } of world.requests) {
    const sold = world.requests.filter((one) => one.nonce === nonce).length;
    if (sold > most) return `${nonce} was sold ${sold} times`;
    if (!isAskedFor(world, key)) return `${key} was sold, and nobody asked for it`;
  }
  return undefined;
}

/** A product that is there is not made once more. */
function surplusViolation({ rows }: World): string | undefined {
  const completed = Object.entries(rows).flatMap(([key, { state, result }]) =>
    state === "finished" && readRecord(result).name === "item.completed" ? [key.split(":")[0]] : [],
  );
  const twice = completed.find((index, position) => completed.indexOf(index) !== position);
  return twice === undefined ? undefined : `item ${twice} was completed by two attempts`;
}

/** By the order, by a retry, or by the attempt before that failed in passing. */
function isAskedFor({ rows, retries }: World, key: string): boolean {
  const [index = 0, attempt = 0] = key.split(":").map(Number);
  if (attempt === 1 || retries.some((retry) => retry.attempt === attempt && retry.indexes.includes(index))) return true;
  const before = rows[keyOf({ index, attempt: attempt - 1 })];
  return before?.state === "finished" && !isEnd(readRecord(before.result));
}

/** Why this step must not be; undefined when it may. */
export function violationOf(before: World, after: World): string | undefined {
  const isMoved = before.items !== after.items || before.order !== after.order;
  return (
    (before.rows === after.rows ? undefined : (ledgerViolation(before, after) ?? surplusViolation(after))) ??
    (isMoved ? (itemViolation(before, after) ?? countViolation(after)) : undefined) ??
    (isMoved || before.requests !== after.requests ? endViolation(after) : undefined) ??
    (before.requests === after.requests && before.submits === after.submits ? undefined : purchaseViolation(after))
  );
}

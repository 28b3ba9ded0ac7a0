/** What `POST /v1/orders` and `/v1/orders/batch` have in common: from requests to durable orders. */
import { createHash, randomInt, randomUUIDv7 } from "node:crypto";
import type { Order, OrderRequest } from "@tirage/contracts";
import { encodeMessage } from "@tirage/messaging";
import {
  acceptOrder,
  messageSizeFault,
  type NewOrder,
  orderCreatedMessage,
  showNewOrder,
} from "./domain/accept-order.ts";
import { assessOrder } from "./domain/assess-order.ts";
import { limitLifetime } from "./domain/cancel-after.ts";
import { type Fault, faultsWithin } from "./domain/fault.ts";
import { modelError, ProblemError, validationError } from "./errors.ts";
import type { IdempotencyStore, OrderToWrite, OrderWriter, OutboxPublisher, QueueGuard, Submission } from "./ports.ts";

export interface PlacingDependencies {
  readonly providers: readonly string[];
  readonly writer: OrderWriter;
  readonly idempotency: IdempotencyStore;
  readonly outbox: OutboxPublisher;
  readonly queueGuard: QueueGuard;
  readonly onAccepted: (orders: readonly NewOrder[]) => void;
}

export interface Placing {
  readonly tenantId: string;
  readonly requests: readonly OrderRequest[];
  /** Where a request stands in the body: empty for a lone one, `/orders/3` in a batch. */
  readonly pointerOf: (position: number) => string;
  /** How long each may take from now on. */
  readonly lifetimeMs?: number | undefined;
  readonly idempotencyKey: string | undefined;
  /** Tells apart what the same key may not mean at once: the operation and its body. */
  readonly operation: string;
}

export interface Placed {
  readonly orders: readonly Order[];
  /** The key was used before, and this is what it was answered. */
  readonly isReplay: boolean;
}

/** Bounds one statement, and how long it keeps others waiting. */
const maximumGenerationsPerRequest = 50_000;
const seedValues = 0x1_0000_0000;
const source = "/services/order-api";

/** Places all orders or none. */
export function createOrderPlacing(dependencies: PlacingDependencies): (placing: Placing) => Promise<Placed> {
  const { writer, idempotency, outbox, queueGuard, onAccepted } = dependencies;
  /** Keys whose requests this replica is handling, with what they ask. */
  const inFlight = new Map<string, string>();

  const place = async (placing: Placing, fingerprint: string | undefined): Promise<Placed> => {
    const { tenantId, idempotencyKey: key } = placing;
    if (key !== undefined && fingerprint !== undefined) {
      const before = await idempotency.find(tenantId, key);
      if (before) return replay(before, fingerprint);
    }
    const prepared = prepare(placing, dependencies.providers);
    const generations = prepared.reduce((sum, { order }) => sum + order.items.length, 0);
    if (generations > queueGuard.limit) {
      const detail = `would take ${generations} calls of a model, and this installation lets at most ${queueGuard.limit} wait; order fewer at once`;
      throw validationError([{ pointer: placing.pointerOf(0) === "" ? "" : "/orders", detail }]);
    }
    if (!(await queueGuard.hasRoomFor(generations))) {
      const headers = { "retry-after": "30" };
      throw new ProblemError("queue-full", `there is no room for ${generations} more generations now`, { headers });
    }
    const orders = prepared.map(({ order, message }) => showNewOrder(order, message.headers.traceparent ?? null));
    const submission = submissionOf(prepared, orders, { tenantId, key, fingerprint });
    const verdict = await writer.write(submission);
    if (verdict === "key_taken" && key !== undefined && fingerprint !== undefined) {
      // Another replica has it, unless the row is of this very write, whose first answer was lost.
      const before = await idempotency.find(tenantId, key);
      if (!before) throw keyInFlight();
      if (before.orderId !== submission.claim?.orderId) return replay(before, fingerprint);
    }
    outbox.publishSoon(prepared.map(({ message }) => message));
    onAccepted(prepared.map(({ order }) => order));
    return { orders, isReplay: false };
  };

  return async (placing) => {
    const { tenantId, idempotencyKey: key } = placing;
    if (key === undefined) return place(placing, undefined);
    const fingerprint = fingerprintOf(placing);
    const slot = `${tenantId} ${key}`;
    const other = inFlight.get(slot);
    if (other !== undefined) throw other === fingerprint ? keyInFlight() : keyReused();
    inFlight.set(slot, fingerprint);
    try {
      return await place(placing, fingerprint);
    } finally {
      inFlight.delete(slot);
    }
  };
}

function replay(before: { fingerprint: string; response: unknown }, fingerprint: string): Placed {
  if (before.fingerprint !== fingerprint) throw keyReused();
  // Written by this service as the orders it had just accepted.
  return { orders: before.response as readonly Order[], isReplay: true };
}

const keyReused = () =>
  new ProblemError("idempotency-key-reused", "this key was used with another body; use a new key for a new order");

const keyInFlight = () =>
  new ProblemError("idempotency-key-in-flight", "the first request with this key is still running; ask again shortly", {
    headers: { "retry-after": "1" },
  });

/** The order of names in the body's outer object does not matter: parsing has put them in the schema's. */
function fingerprintOf({ operation, lifetimeMs, requests }: Placing): string {
  const hash = createHash("sha256").update(operation).update("\n");
  if (lifetimeMs !== undefined) hash.update(`lifetime ${lifetimeMs}\n`);
  return hash.update(JSON.stringify(requests)).digest("hex");
}

/** Assesses every request before any of them becomes an order, so that all faults are told at once. */
function prepare({ tenantId, requests, pointerOf, lifetimeMs }: Placing, providers: readonly string[]): OrderToWrite[] {
  const createdAt = new Date();
  const faults: Fault[] = [];
  let isOfModel = true;
  let generations = 0;
  const prepared: OrderToWrite[] = [];
  for (const [position, sent] of requests.entries()) {
    const limited = lifetimeMs === undefined ? undefined : limitLifetime(sent, lifetimeMs, createdAt);
    const request = limited?.request ?? sent;
    if (limited && limited.faults.length > 0) {
      faults.push(...limited.faults);
      isOfModel = false;
    }
    const assessment = assessOrder(request, { providers, now: createdAt });
    if (assessment.kind === "refused") {
      faults.push(...faultsWithin(pointerOf(position), assessment.faults));
      isOfModel &&= assessment.type === "model";
      continue;
    }
    generations += assessment.plan.generations;
    if (generations > maximumGenerationsPerRequest) break;
    const identity = { orderId: randomUUIDv7(), tenantId, createdAt, randomSeed: randomInt(seedValues) };
    const order = acceptOrder(request, assessment.plan, identity);
    const message = orderCreatedMessage(order);
    const sizeFault = messageSizeFault(message);
    if (sizeFault) {
      faults.push(...faultsWithin(pointerOf(position), [sizeFault]));
      isOfModel = false;
    } else prepared.push({ order, message: encodeMessage(message, source) });
  }
  if (generations > maximumGenerationsPerRequest) {
    const detail = `together make more than ${maximumGenerationsPerRequest} calls; send fewer orders at once`;
    throw validationError([...faults, { pointer: "/orders", detail }]);
  }
  if (faults.length > 0) throw isOfModel ? modelError(faults) : validationError(faults);
  return prepared;
}

function submissionOf(
  prepared: readonly OrderToWrite[],
  response: readonly Order[],
  { tenantId, key, fingerprint }: { tenantId: string; key: string | undefined; fingerprint: string | undefined },
): Submission {
  const [first] = response;
  if (key === undefined || fingerprint === undefined || !first) return { orders: prepared };
  return { orders: prepared, claim: { tenantId, key, fingerprint, response, orderId: first.id } };
}

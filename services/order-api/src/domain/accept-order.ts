/** An assessed request becomes an order: its row, its items, and the message that tells of it. */
import {
  batchSizeOf,
  generationSeed,
  itemIdOf,
  type Message,
  maximumBodyBytes,
  type Order,
  type OrderRequest,
  orderCreated,
  type PayloadOf,
  type Plan,
} from "@tirage/contracts";
import type { Fault } from "./fault.ts";
import { showOrder } from "./show-order.ts";

/** One generation of a new order. */
export interface NewItem {
  readonly id: string;
  readonly index: number;
  /** Outputs asked of it. */
  readonly batchSize: number;
  readonly seed: number;
}

/** An order that nobody has worked on yet: pending in all its parts, version 0. */
export interface NewOrder {
  readonly orderId: string;
  readonly tenantId: string;
  readonly request: OrderRequest;
  readonly plan: Plan;
  readonly seed: number;
  readonly createdAt: Date;
  readonly items: readonly NewItem[];
}

/** What makes an order this one: chosen by the caller, since rules neither roll dice nor look at clocks. */
export interface OrderIdentity {
  /** UUIDv7. */
  readonly orderId: string;
  readonly tenantId: string;
  readonly createdAt: Date;
  /** Taken when the request brings no seed of its own. */
  readonly randomSeed: number;
}

export function acceptOrder(request: OrderRequest, plan: Plan, identity: OrderIdentity): NewOrder {
  const { orderId, tenantId, createdAt } = identity;
  const seed = request.seed ?? identity.randomSeed;
  const items = Array.from({ length: plan.generations }, (_, index) => ({
    id: itemIdOf(orderId, index),
    index,
    batchSize: batchSizeOf(plan, index),
    seed: generationSeed(seed, index),
  }));
  return { orderId, tenantId, request, plan, seed, createdAt, items };
}

/** The message that carries the order to the dispatcher. */
export function orderCreatedMessage(order: NewOrder): Message<"order.created", PayloadOf<typeof orderCreated>> {
  const { orderId, tenantId, plan, seed } = order;
  const { provider, model, modelVersion, prompt, parameters, priority, shortfall, startAt, expiresAt } = order.request;
  return orderCreated.create({
    orderId,
    tenantId,
    provider,
    model,
    ...(modelVersion === undefined ? {} : { modelVersion }),
    prompt,
    parameters,
    plan,
    priority,
    seed,
    shortfall,
    ...(startAt === undefined ? {} : { startAt }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  }) as Message<"order.created", PayloadOf<typeof orderCreated>>;
}

/** Left free for what the dispatcher adds when it turns an order into work messages. */
const reservedBytes = 4 * 1024;

/** Prompt and parameters travel in every message about the order, and a message holds 64 KiB. */
export function messageSizeFault(message: Message): Fault | undefined {
  const bytes = Buffer.byteLength(JSON.stringify(message.payload));
  const allowed = maximumBodyBytes - reservedBytes;
  if (bytes <= allowed) return undefined;
  return {
    pointer: "/parameters",
    detail: `prompt and parameters together take ${bytes} bytes as JSON, and one message holds ${allowed}`,
  };
}

/** The order as the API shows it before anything has happened. */
export function showNewOrder(
  { orderId, tenantId, request, plan, seed, createdAt }: NewOrder,
  traceParent: string | null,
): Order {
  return showOrder({
    ...request,
    traceParent,
    retriedAt: null,
    outputsCharged: null,
    id: orderId,
    tenantId,
    status: "pending",
    partial: false,
    version: 0,
    modelVersion: request.modelVersion ?? null,
    seed,
    generations: plan.generations,
    batchSize: plan.batchSize,
    lastBatchSize: plan.lastBatchSize,
    productsRequested: plan.totalProducts,
    productsProduced: 0,
    itemsTotal: plan.generations,
    itemsPending: plan.generations,
    itemsProcessing: 0,
    itemsCompleted: 0,
    itemsFailed: 0,
    itemsCancelled: 0,
    error: null,
    createdAt,
    startAt: request.startAt === undefined ? null : new Date(request.startAt),
    expiresAt: request.expiresAt === undefined ? null : new Date(request.expiresAt),
    startedAt: null,
    finishedAt: null,
  });
}

/** An order, an item and a product as the API shows them. */
import { z } from "zod";
import { identifier } from "../identifiers.ts";
import { cancelOutcome, recoveryKind } from "../messages/items.ts";
import { plan } from "../plan.ts";
import { itemStatus, orderStatus, progress } from "../rollup.ts";
import { seed } from "../seeds.ts";
import { failure, instant, parameters, priority, providerName, shortfall } from "../vocabulary.ts";

export const order = z
  .object({
    id: identifier,
    status: orderStatus,
    partial: z.boolean().describe("Completed with fewer products than requested."),
    version: z.int().min(0).describe("Raised by every change; also the ETag."),
    provider: providerName,
    model: z.string(),
    modelVersion: z.string().nullable(),
    prompt: z.string(),
    parameters,
    metadata: z.record(z.string(), z.string()),
    priority,
    shortfall,
    seed,
    plan,
    progress,
    error: failure.nullable().describe("Why the order failed, or why products are missing."),
    createdAt: instant,
    startAt: instant.nullable().optional().describe("Not dispatched before; null when it may start at once."),
    expiresAt: instant.nullable().optional().describe("Its deadline, if it has one."),
    startedAt: instant.nullable(),
    finishedAt: instant.nullable(),
    urls: z.object({ self: z.string(), items: z.string(), products: z.string() }),
  })
  .meta({ id: "Order" });
export type Order = z.infer<typeof order>;

export const item = z
  .object({
    id: identifier,
    orderId: identifier,
    index: z.int().min(0),
    batchSize: z.int().min(1),
    attempt: z.int().min(1),
    status: itemStatus,
    produced: z.int().min(0),
    batchesCompleted: z.int().min(0),
    seed,
    workerId: z.string().nullable(),
    providerRequestId: z.string().nullable(),
    error: failure.nullable(),
    outcome: cancelOutcome
      .nullable()
      .describe("Of a cancelled item: `not_started` and `aborted` are free, `billed` is not."),
    recovery: recoveryKind
      .nullable()
      .describe("How we learnt what came of a submit whose answer was lost; null when no answer was lost."),
    createdAt: instant,
    startedAt: instant.nullable(),
    finishedAt: instant.nullable(),
  })
  .meta({ id: "Item" });
export type Item = z.infer<typeof item>;

export const product = z
  .object({
    id: identifier,
    orderId: identifier,
    itemId: identifier.nullable().describe("Null once its item was deleted: products outlive their item."),
    index: z.int().min(0).describe("Position within the order, by generation and output."),
    contentType: z.string(),
    bytes: z.int().min(0),
    width: z.int().min(0),
    height: z.int().min(0),
    sha256: z.string(),
    seed,
    createdAt: instant,
    urls: z.object({ content: z.string() }),
  })
  .meta({ id: "Product" });
export type Product = z.infer<typeof product>;

/** A page of a list; `nextCursor` is null on the last one. */
const pageOf = <Schema extends z.ZodType>(schema: Schema, id: string) =>
  z.object({ data: z.array(schema), nextCursor: z.string().nullable() }).meta({ id });

export const orderPage = pageOf(order, "OrderPage");
export const itemPage = pageOf(item, "ItemPage");
export const productPage = pageOf(product, "ProductPage");
export const orderBatch = z.object({ data: z.array(order) }).meta({ id: "OrderBatch" });

/** What an order would make and cost, without ordering. */
export const quote = plan
  .extend({
    estimatedCostMicroUsd: z
      .int()
      .min(0)
      .nullable()
      .describe("Millionths of a dollar; null when the price is unknown."),
    warnings: z.array(z.string()),
  })
  .meta({ id: "Quote" });
export type Quote = z.infer<typeof quote>;

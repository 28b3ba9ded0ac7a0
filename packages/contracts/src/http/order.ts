/** An order, an item and a product as the API shows them. */
import { z } from "zod";
import { identifier } from "../identifiers.ts";
import { cancelOutcome, recoveryKind } from "../messages/items.ts";
import { plan } from "../plan.ts";
import { itemStatus, orderStatus, progress } from "../rollup.ts";
import { seed } from "../seeds.ts";
import { failure, instant, parameters, priority, providerName, shortfall } from "../vocabulary.ts";

/** What an order's messages carry of it. */
export const orderSnapshot = z
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
  .meta({ id: "OrderSnapshot" });
export type OrderSnapshot = z.infer<typeof orderSnapshot>;

const microUsd = z.int().min(0);

const cost = z
  .object({
    estimatedMicroUsd: microUsd.nullable().describe("Of the whole plan."),
    actualMicroUsd: microUsd.nullable().describe("Of the products delivered so far."),
    chargedMicroUsd: microUsd
      .nullable()
      .describe(
        "Of the outputs that the provider charged, delivered or not, once the order has ended. Null before, and of an order of more than 100 generations, of which the ledger tells.",
      ),
  })
  .describe("Millionths of a dollar by the catalogue's price; null when the catalogue has none.")
  .meta({ id: "OrderCost" });

export const order = orderSnapshot
  .extend({
    cost,
    retriedAt: instant.nullable().describe("When a retry was asked for last; null when none was."),
    traceId: z.string().nullable().describe("The trace that placing the order began; null when nothing is traced."),
    urls: z.object({
      self: z.string(),
      items: z.string(),
      products: z.string(),
      events: z.string(),
      archive: z.string().describe("All products and their manifest, as a ZIP."),
      cancel: z.string(),
      retry: z.string(),
    }),
  })
  .meta({ id: "Order" });
export type Order = z.infer<typeof order>;

/** When each step of an item's present attempt happened, as far as it was recorded; null is not (yet) known. */
const timeline = z
  .object({
    createdAt: instant.describe("The order was accepted and the item queued."),
    claimedAt: instant.nullable().describe("A worker first took it."),
    submittedAt: instant.nullable().describe("Its call began to be sent to the provider, the last time it was sent."),
    acceptedAt: instant.nullable().describe("The provider accepted the call."),
    generatedAt: instant.nullable().describe("The provider was done."),
    storedAt: instant.nullable().describe("Every output was in the store."),
    finishedAt: instant.nullable().describe("The item ended, in whatever way."),
  })
  .meta({ id: "ItemTimeline" });

export const item = z
  .object({
    id: identifier,
    orderId: identifier,
    index: z.int().min(0).describe("From 0; people are shown it from 1."),
    batchSize: z.int().min(1),
    attempt: z.int().min(1),
    status: itemStatus,
    produced: z.int().min(0),
    batchesCompleted: z.int().min(0),
    seed,
    workerId: z.string().nullable().describe("Who runs it or ran it; null when no worker has."),
    providerRequestId: z.string().nullable(),
    error: failure.nullable(),
    outcome: cancelOutcome
      .nullable()
      .describe("Of a cancelled item: `not_started` and `aborted` are free, `billed` is not."),
    recovery: recoveryKind
      .nullable()
      .describe("How we learnt what came of a submit whose answer was lost; null when no answer was lost."),
    submits: z
      .int()
      .min(0)
      .describe(
        "How often the call of this attempt was sent; more than once only where an earlier one was refused or lost.",
      ),
    costMicroUsd: microUsd.nullable().describe("Of its outputs, by the catalogue's price; null until they are there."),
    createdAt: instant,
    startedAt: instant.nullable(),
    finishedAt: instant.nullable(),
    timeline,
  })
  .meta({ id: "Item" });
export type Item = z.infer<typeof item>;

export const product = z
  .object({
    id: identifier,
    orderId: identifier,
    itemId: identifier.nullable().describe("Null once its item was deleted: products outlive their item."),
    index: z
      .int()
      .min(0)
      .describe("Position within the order, by generation and output; from 0, people are shown it from 1."),
    contentType: z.string(),
    bytes: z.int().min(0),
    width: z.int().min(0),
    height: z.int().min(0),
    sha256: z.string(),
    seed,
    provider: z.string(),
    model: z.string(),
    workerId: z.string().nullable().describe("Who made it."),
    providerRequestId: z.string().nullable(),
    durationMs: z
      .int()
      .min(0)
      .nullable()
      .describe("From the provider's acceptance of the call to its outputs being stored."),
    createdAt: instant,
    urls: z.object({ content: z.string(), thumbnail: z.string() }),
  })
  .meta({ id: "Product" });
export type Product = z.infer<typeof product>;

/** A product among those of other orders. */
export const galleryProduct = product
  .extend({ prompt: z.string().describe("Of its order."), orderStatus })
  .meta({ id: "GalleryProduct" });
export type GalleryProduct = z.infer<typeof galleryProduct>;

/** A page of a list; `nextCursor` is null on the last one. */
const pageOf = <Schema extends z.ZodType>(schema: Schema, id: string) =>
  z.object({ data: z.array(schema), nextCursor: z.string().nullable() }).meta({ id });

export const orderPage = pageOf(order, "OrderPage");
export const itemPage = pageOf(item, "ItemPage");
export const productPage = pageOf(product, "ProductPage");
export const galleryPage = pageOf(galleryProduct, "GalleryPage");
export const orderBatch = z.object({ data: z.array(order) }).meta({ id: "OrderBatch" });

/** When an order placed now would end, and what that guess is made of. */
const estimatedTime = z
  .object({
    durationMs: z
      .int()
      .min(0)
      .nullable()
      .describe(
        "(waiting + own generations) x median / slots; null when any of them is not known. Orders take turns, so it may be less or more.",
      ),
    waitingGenerations: z.int().min(0).nullable().describe("Accepted before and not ended, of the same provider."),
    medianGenerationMs: z
      .int()
      .min(0)
      .nullable()
      .describe("Of the model's recent generations; null when there were none."),
    slots: z.int().min(0).nullable().describe("Generations that run at once; null while the broker is away."),
  })
  .meta({ id: "EstimatedTime" });
export type EstimatedTime = z.infer<typeof estimatedTime>;

/** What an order would make and cost, without ordering. */
export const quote = plan
  .extend({
    estimatedCostMicroUsd: z
      .int()
      .min(0)
      .nullable()
      .describe("Millionths of a dollar; null when the price is unknown."),
    estimatedTime,
    warnings: z.array(z.string()),
  })
  .meta({ id: "Quote" });
export type Quote = z.infer<typeof quote>;

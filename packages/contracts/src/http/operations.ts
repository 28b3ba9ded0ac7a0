/** What operators read: models, workers, queues. */
import { z } from "zod";
import { instant } from "../vocabulary.ts";
import { drain } from "./drain.ts";
import { gate } from "./gate.ts";

const parameterRule = z.object({
  type: z.enum(["string", "integer", "number", "boolean", "object", "array", "any"]),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  options: z.array(z.union([z.string(), z.number()])).optional(),
  default: z.json().optional(),
  description: z.string().optional(),
});

export const model = z
  .object({
    provider: z.string(),
    model: z.string(),
    title: z.string(),
    maximumBatchSize: z.int().min(1),
    requiresVersion: z.boolean(),
    priceMicroUsd: z.object({ per: z.enum(["output", "megapixel", "second"]), amount: z.int().min(0) }).nullable(),
    parameters: z.record(z.string(), parameterRule),
  })
  .meta({ id: "Model" });
export const modelList = z.object({ data: z.array(model) }).meta({ id: "ModelList" });

/** The entry that every service replica keeps in the `alive` bucket. */
export const replica = z
  .object({
    service: z.string(),
    id: z.string(),
    version: z.string(),
    startedAt: instant,
    slots: z.int().min(0).optional().describe("Generations this worker runs at once."),
    running: z.array(z.string()).optional().describe("Items running now."),
    completed: z.int().min(0).optional(),
    failed: z.int().min(0).optional(),
    lastItem: z
      .object({ itemId: z.string(), outcome: z.enum(["completed", "failed"]), endedAt: instant })
      .optional()
      .describe("The item that this worker ended last, since its start."),
    drain: drain.optional().describe("Of a worker that takes no new work, until it is resumed."),
    sandboxed: z
      .array(z.string())
      .optional()
      .describe("Providers that are a sandbox to this worker: another base URL, and the word `sandbox` for a key."),
    gates: z.array(gate).optional().describe("Of each provider that charges, as this worker sees it."),
  })
  .meta({ id: "Replica" });
export type Replica = z.infer<typeof replica>;

export const worker = replica.extend({ lastSeenAt: instant }).meta({ id: "Worker" });
export const workerList = z.object({ data: z.array(worker) }).meta({ id: "WorkerList" });
export type Worker = z.infer<typeof worker>;

export const queue = z
  .object({
    name: z.string().describe("The stream and consumer, or the run queue of a provider."),
    stream: z.string(),
    provider: z.string().nullable(),
    depth: z.int().min(0).describe("Waiting, not yet delivered."),
    inFlight: z.int().min(0).describe("Delivered and not yet settled."),
    redelivered: z.int().min(0),
    delivered: z.int().min(0).describe("Deliveries so far, redeliveries among them."),
    deliveredPerMinute: z
      .number()
      .min(0)
      .nullable()
      .describe("Over the last minute at most, as this replica has seen it; null until it has been asked twice."),
    pausedUntil: instant
      .nullable()
      .optional()
      .describe("Nothing is delivered before; far away when a person paused it."),
    pausedBy: z
      .enum(["person", "gate"])
      .nullable()
      .optional()
      .describe("`person`: until somebody resumes it; `gate`: a worker's gate, until `pausedUntil`."),
    gate: gate.nullable().optional().describe("Of a provider's work: the least open of its workers' gates."),
    oldestAgeMs: z.int().min(0).nullable().describe("Age of the oldest message still kept; null when empty."),
  })
  .meta({ id: "Queue" });
export const queueList = z.object({ data: z.array(queue) }).meta({ id: "QueueList" });
export type Queue = z.infer<typeof queue>;

/** One thing that order-api needs or asks. */
const dependency = z
  .object({
    name: z.enum(["database", "broker", "store"]),
    reachable: z.boolean(),
    version: z.string().nullable().describe("Of the server; null where it does not say."),
  })
  .meta({ id: "Dependency" });

export const health = z
  .object({
    status: z
      .enum(["ok", "degraded"])
      .describe("`degraded`: something is away, or a service has no replica; orders may be accepted all the same."),
    dependencies: z.array(dependency),
    services: z
      .array(z.object({ service: z.string(), replicas: z.array(worker) }))
      .nullable()
      .describe("Every service, also without a replica; null while the broker, which knows them, is away."),
    providers: z.array(z.string()).describe("Providers that can be ordered from."),
    traceUrlTemplate: z
      .string()
      .nullable()
      .describe("Where people look at traces, with `{traceId}` in the id's place; null when nobody said."),
  })
  .meta({ id: "Health" });
export type Health = z.infer<typeof health>;

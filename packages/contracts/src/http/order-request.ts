/** The body of `POST /v1/orders` and `POST /v1/quotes`. Strict: an unknown field is a mistake worth telling. */
import { z } from "zod";
import { seed } from "../seeds.ts";
import { instant, parameters, priority, shortfall } from "../vocabulary.ts";

/** Limits of one order. Model limits (batch size, parameters) come on top, from the catalogue. */
export const orderLimits = {
  promptCharacters: 10_000,
  parametersBytes: 32 * 1024,
  metadataKeys: 16,
  metadataKeyCharacters: 64,
  metadataValueCharacters: 512,
  generations: 10_000,
  quantity: 40_000,
  batchSize: 64,
  ordersPerBatch: 100,
  bodyBytes: 256 * 1024,
} as const;

const metadata = z
  .record(z.string().min(1).max(orderLimits.metadataKeyCharacters), z.string().max(orderLimits.metadataValueCharacters))
  .refine((entries) => Object.keys(entries).length <= orderLimits.metadataKeys, {
    message: `at most ${orderLimits.metadataKeys} keys`,
  });

/** Lets a rule over several fields be told beside the faults of single fields, so that one answer lists them all. */
const isObject = ({ value }: { value: unknown }) =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const orderRequest = z
  .strictObject({
    provider: z.string().min(1).max(64).describe("`fal` or `replicate`."),
    model: z.string().min(1).max(200).describe("The provider's name of the model, e.g. `fal-ai/flux/schnell`."),
    modelVersion: z
      .string()
      .regex(/^[0-9a-f]{64}$/, { message: "must be the 64 hexadecimal digits of a Replicate version" })
      .optional()
      .describe("The version of a Replicate community model."),
    prompt: z
      .string()
      .min(1)
      .max(orderLimits.promptCharacters)
      // The empty text is told by the length alone.
      .regex(/^$|\S/, { message: "must say something: it is nothing but white space" }),
    parameters: parameters.default({}),
    generations: z.int().min(1).max(orderLimits.generations).optional().describe("Provider calls; or give `quantity`."),
    quantity: z.int().min(1).max(orderLimits.quantity).optional().describe("Products; or give `generations`."),
    batchSize: z
      .int()
      .min(1)
      .max(orderLimits.batchSize)
      .optional()
      .describe(
        "Outputs asked of one call: 1 when `generations` are given, else what the model makes. More than it makes is split into more calls, and the quote warns of it.",
      ),
    remainder: z.enum(["exact", "overshoot"]).default("exact"),
    shortfall: shortfall.default("accept"),
    priority: priority.default("standard"),
    seed: seed.optional().describe("Generation n gets seed + n; chosen at random and recorded when absent."),
    startAt: instant.optional().describe("Not dispatched before."),
    expiresAt: instant.optional().describe("What has not ended by then is stopped and fails with deadline_exceeded."),
    metadata: metadata.default({}),
  })
  .refine(({ generations, quantity }) => generations === undefined || quantity === undefined, {
    path: ["quantity"],
    message: "give either generations (calls) or quantity (products), not both",
    when: isObject,
  })
  .refine(({ generations, quantity }) => generations !== undefined || quantity !== undefined, {
    path: ["generations"],
    message: "give generations (calls) or quantity (products)",
    when: isObject,
  })
  .refine(({ startAt, expiresAt }) => !startAt || !expiresAt || Date.parse(startAt) < Date.parse(expiresAt), {
    path: ["expiresAt"],
    message: "must be after startAt",
    when: isObject,
  })
  .meta({ id: "OrderRequest" });
export type OrderRequest = z.infer<typeof orderRequest>;
export type OrderRequestInput = z.input<typeof orderRequest>;

export const orderBatchRequest = z
  .strictObject({ orders: z.array(orderRequest).min(1).max(orderLimits.ordersPerBatch) })
  .meta({ id: "OrderBatchRequest" });

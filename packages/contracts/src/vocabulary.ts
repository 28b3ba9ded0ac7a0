/** Small closed sets used by messages and HTTP alike. */
import { z } from "zod";
import { subjectToken } from "./identifiers.ts";

/** A provider's name as it stands in subjects; which ones are enabled is configuration. */
export const providerName = subjectToken.meta({ id: "ProviderName", examples: ["fal", "replicate"] });

/** Lanes of the run queue, by weight 6 : 3 : 1 within a tenant. */
export const priorities = ["interactive", "standard", "bulk"] as const;
export const priority = z.enum(priorities).meta({ id: "Priority" });
export type Priority = z.infer<typeof priority>;

/** What to do when a provider returns fewer outputs than asked: end partial, or order the missing ones again. */
export const shortfall = z.enum(["accept", "top_up"]).meta({ id: "Shortfall" });
export type Shortfall = z.infer<typeof shortfall>;

/** Parameters handed to the model; names and ranges are checked for catalogued models. */
export const parameters = z.record(z.string(), z.json()).meta({ id: "Parameters" });
export type Parameters = z.infer<typeof parameters>;

/** Why an item or an order failed. `code` is stable; `message` is for people; `providerStatus` is the HTTP status. */
export const failure = z
  .object({
    code: z.string(),
    message: z.string(),
    retryable: z.boolean(),
    providerStatus: z.int().optional(),
  })
  .meta({ id: "Failure" });
export type Failure = z.infer<typeof failure>;

/** RFC 3339 in UTC. */
export const instant = z.iso.datetime({ offset: true });

/** The tenant of an order while there are no accounts. */
export const localTenantId = "local";

/** The no-op provider of the benchmark: it charges nothing, so no ledger guards it and its work may be repeated. */
export const unbilledProvider = "null";

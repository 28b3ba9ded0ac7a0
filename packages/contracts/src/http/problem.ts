/** RFC 9457 problems: the shape of everything that is not 2xx. */
import { z } from "zod";

export const problemTypes = {
  validation: { status: 400, title: "The request is not valid" },
  authentication: { status: 401, title: "An API key is required" },
  forbidden: { status: 403, title: "Not allowed" },
  "not-found": { status: 404, title: "Not found" },
  "order-deleted": { status: 404, title: "The order was deleted" },
  "no-thumbnail": { status: 404, title: "There is no thumbnail of this product" },
  "method-not-allowed": { status: 405, title: "Method not allowed" },
  conflict: { status: 409, title: "The request conflicts with the present state" },
  "too-large": { status: 413, title: "The body is too large" },
  "range-not-satisfiable": { status: 416, title: "The range is beyond the end" },
  "media-type": { status: 415, title: "The content type is not supported" },
  model: { status: 422, title: "The model cannot be ordered this way" },
  "idempotency-key-reused": { status: 422, title: "The Idempotency-Key was used with another body" },
  "idempotency-key-in-flight": { status: 409, title: "A request with this Idempotency-Key is still running" },
  "too-many-requests": { status: 429, title: "Too many requests" },
  internal: { status: 500, title: "Something failed on our side" },
  unavailable: { status: 503, title: "Not available right now" },
  "queue-full": { status: 503, title: "The queue is full" },
} as const satisfies Record<string, { status: number; title: string }>;
export type ProblemType = keyof typeof problemTypes;

/** The relative URI of a problem type; stable, and described at `/docs`. */
export const problemTypeUri = (type: ProblemType): string => `/problems/${type}`;

export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe("What is wrong and what to do."),
    instance: z.string().describe("The same as `requestId`."),
    requestId: z.string().describe("As in the logs and in `X-Request-Id`."),
    traceId: z.string().nullable().describe("The trace that the request is part of; null when nothing is traced."),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  })
  .meta({ id: "Problem" });
export type Problem = z.infer<typeof problem>;

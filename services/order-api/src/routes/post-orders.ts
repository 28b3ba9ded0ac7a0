// POST /v1/orders -> order.created (order, items and outbox row in one statement)
import { order, orderRequest } from "@tirage/contracts";
import { z } from "zod";
import type { App, Dependencies } from "../dependencies.ts";
import { assessRefused } from "../domain/assess-order.ts";
import { readLifetimeMs } from "../domain/cancel-after.ts";
import { readWaitSeconds } from "../domain/prefer.ts";
import type { createOrderPlacing } from "../place-orders.ts";
import { tenantOf } from "../plugins/authentication.ts";
import { noteOrder } from "../plugins/request-log.ts";
import { createValidatorCompiler } from "../plugins/validation.ts";
import { problems } from "./responses.ts";

export const idempotencyKey = z
  .string()
  .regex(/^[\x20-\x7e]{1,255}$/, { message: "must be 1 to 255 printable ASCII characters" })
  .optional()
  .describe("Makes repeating the request safe: within 24 hours the same key and body get the first answer again.");

const cancelAfter = z
  .string()
  .transform((text, context) => {
    const lifetimeMs = readLifetimeMs(text);
    if (lifetimeMs !== undefined) return lifetimeMs;
    context.addIssue({ code: "custom", message: "must be at least 5 seconds, such as 90, 90s, 5m or 1h30m" });
    return z.NEVER;
  })
  .optional()
  .describe(
    "The longest the order may take, as `90`, `90s`, `5m` or `1h30m45s`, at least 5 seconds: it expires that long after it was placed. Instead of `expiresAt`.",
  );

const headers = z.looseObject({
  "idempotency-key": idempotencyKey,
  prefer: z
    .string()
    .optional()
    .describe("`wait=N` waits up to N seconds (at most 60) for the order to end, and answers it as it then is."),
  "cancel-after": cancelAfter,
});

export function postOrders(
  app: App,
  {
    watcher,
    placeOrders,
    closing,
    providers,
  }: Pick<Dependencies, "watcher" | "providers"> & {
    placeOrders: ReturnType<typeof createOrderPlacing>;
    closing: AbortSignal;
  },
): void {
  app.post(
    "/orders",
    {
      validatorCompiler: createValidatorCompiler((body) => assessRefused(body, { providers, now: new Date() })),
      schema: {
        tags: ["orders"],
        summary: "Place an order",
        headers,
        body: orderRequest,
        response: { 201: order, ...problems },
      },
    },
    async (request, reply) => {
      const tenantId = tenantOf(request);
      const { orders, isReplay } = await placeOrders({
        tenantId,
        requests: [request.body],
        pointerOf: () => "",
        lifetimeMs: request.headers["cancel-after"],
        idempotencyKey: request.headers["idempotency-key"],
        operation: "POST /v1/orders",
      });
      const [placed] = orders;
      if (!placed) throw new Error("a placed request has no order");
      noteOrder(request, placed.id);
      reply.code(201).header("location", placed.urls.self);
      if (isReplay) reply.header("idempotent-replayed", "true");
      const waitSeconds = readWaitSeconds(request.headers.prefer);
      if (waitSeconds === undefined) return placed;
      reply.header("preference-applied", `wait=${waitSeconds}`);
      const gone = new AbortController();
      reply.raw.once("close", () => gone.abort());
      const signal = AbortSignal.any([gone.signal, closing]);
      const wait = { waitMs: waitSeconds * 1_000, signal };
      const ended = watcher.waitUntilTerminal({ tenantId, orderId: placed.id }, wait).catch((error: unknown) => {
        // It is accepted all the same: an error would have the customer order, and pay, once more.
        request.log.warn({ err: error }, "an accepted order could not be read; it is answered as it was placed");
        return undefined;
      });
      return (await ended) ?? placed;
    },
  );
}

/** An order that may start only later, and one that must have ended by then. */
import { expect, test } from "vitest";
import { falModel, placeOrder, type readOrder, untilEnded } from "./order-request.ts";
import { useStack } from "./start-stack.ts";

const stack = useStack(() => ({ environment: { SANDBOX_LATENCY_MS: "1500" }, generators: 1 }));

const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
const ended = (id: string) => untilEnded(stack().apiUrl, id);

test("POST /v1/orders: with a startAt in three seconds, completes and did not start before", async () => {
  const startAt = inMs(3_000);
  const { id } = await placeOrder(stack().apiUrl, { ...falModel, prompt: "later", generations: 2, startAt });
  const order = (await ended(id)) as { status: string; startedAt?: string };
  expect(order.status).toBe("completed");
  expect(Date.parse(order.startedAt ?? "")).toBeGreaterThanOrEqual(Date.parse(startAt));
}, 60_000);

test("POST /v1/orders: with a deadline that leaves time for a part, ends with that part and says why", async () => {
  const body = { ...falModel, prompt: "soon", generations: 200, expiresAt: inMs(4_000) };
  const { id } = await placeOrder(stack().apiUrl, body);
  const order = (await ended(id)) as Awaited<ReturnType<typeof readOrder>> & { error: { code: string } | null };
  expect(order).toMatchObject({ status: "completed", partial: true, error: { code: "deadline_exceeded" } });
  expect(order.progress.items.failed).toBeGreaterThan(100);
  expect(order.progress.items.completed).toBeGreaterThan(0);
}, 60_000);

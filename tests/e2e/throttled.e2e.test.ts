/** A provider that asks for pauses, and one whose account is refused: nothing fails, and the other goes on. */
import { eventually } from "@tirage/testkit";
import { afterEach, expect, test } from "vitest";
import { falModel, placeOrder, readLedgerTotals, readOrder, replicateModel, untilEnded } from "./order-request.ts";
import { controlSandbox, useStack } from "./start-stack.ts";

const stack = useStack(() => ({ environment: { SANDBOX_LATENCY_MS: "100" } }));
afterEach(() => control({ rules: [] }));

const control = (body: object) => controlSandbox(stack(), body);

const ended = (id: string) => untilEnded(stack().apiUrl, id);

test("fault 35: every tenth submit to fal is answered 429 with Retry-After 2, nothing fails and Replicate ends long before", async () => {
  await control({ rules: [{ fault: "rate_limited", provider: "fal", every: 10, retryAfterSeconds: 2 }] });
  const before = await readLedgerTotals(stack().sandboxUrl);
  const fal = await placeOrder(stack().apiUrl, { ...falModel, prompt: "throttled", generations: 40 });
  const replicate = await placeOrder(stack().apiUrl, { ...replicateModel, prompt: "not throttled", generations: 40 });

  await ended(replicate.id);
  expect((await readOrder(stack().apiUrl, fal.id)).status).toBe("processing");
  const all = { items: { completed: 40, failed: 0 } };
  expect((await ended(fal.id)).progress).toMatchObject(all);
  expect((await readOrder(stack().apiUrl, replicate.id)).progress).toMatchObject(all);
  const after = await readLedgerTotals(stack().sandboxUrl);
  expect((after.submissions ?? 0) - (before.submissions ?? 0)).toBe(80);
  expect(after.paidTwice).toBe(0);
}, 120_000);

test("POST /v1/orders: the account is refused at first, the order waits for it to be mended and nothing fails", async () => {
  await control({ rules: [{ fault: "payment_required", provider: "fal" }] });
  const order = await placeOrder(stack().apiUrl, { ...falModel, prompt: "unpaid", generations: 3 });
  const isPaused = async () => {
    const response = await fetch(`${stack().apiUrl}/v1/queues`);
    const { data } = (await response.json()) as { data: { name: string; pausedUntil?: string | null }[] };
    return data.find(({ name }) => name === "generator-work-fal")?.pausedUntil;
  };
  await eventually(isPaused, { timeoutMs: 20_000 });
  await control({ rules: [] });
  expect((await ended(order.id)).progress.items).toMatchObject({ completed: 3, failed: 0 });
}, 120_000);

/** A person pauses a provider: nothing more is submitted to it, whatever is lost meanwhile, until a person resumes it. */
import { eventually, startTestNats, type TestNats } from "@tirage/testkit";
import { afterAll, expect, test } from "vitest";
import { falModel, placeOrder, readOrder, replicateModel, untilEnded } from "./order-request.ts";
import { controlSandbox, useStack } from "./start-stack.ts";

const resources = new AsyncDisposableStack();
// Before the stack is asked for: hooks run backwards, and the broker ends after those who use it.
afterAll(() => resources.disposeAsync());
let nats: TestNats;
const stack = useStack(async () => {
  nats = resources.use(await startTestNats());
  return { generators: 2, environment: { NATS_URL: nats.url } };
});

async function send(what: "pause" | "resume"): Promise<void> {
  const url = `${stack().apiUrl}/v1/queues/fal/${what}`;
  const response = await fetch(url, { method: "POST", signal: AbortSignal.timeout(10_000) });
  expect(response.status, await response.text()).toBe(200);
}

async function countFalRequests(): Promise<number> {
  const response = await fetch(`${stack().sandboxUrl}/__ledger`, { signal: AbortSignal.timeout(10_000) });
  const { requests } = (await response.json()) as { requests: { provider: string }[] };
  return requests.filter(({ provider }) => provider === "fal").length;
}

test("POST /v1/queues/fal/pause: orders wait, also when the broker's data is wiped, Replicate's end, and after resume all complete", async () => {
  const { apiUrl } = stack();
  const order = await placeOrder(apiUrl, { ...falModel, prompt: "under way", generations: 60 });
  await eventually(async () => (await countFalRequests()) >= 5, { timeoutMs: 30_000 });

  await send("pause");
  // What had left before the hint was heard still arrives.
  const paused = await eventually(async () => {
    const before = await countFalRequests();
    await new Promise((resolve) => setTimeout(resolve, 500));
    return (await countFalRequests()) === before && before;
  });
  await nats.kill9();
  await nats.restart({ wipe: true });
  // Its end shows that the broker is in use again, and what was queued is dispatched again.
  await untilEnded(apiUrl, (await placeOrder(apiUrl, { ...replicateModel, prompt: "free", generations: 20 })).id);

  expect(await countFalRequests()).toBe(paused);
  expect((await readOrder(apiUrl, order.id)).status).toBe("processing");
  await send("resume");
  expect((await untilEnded(apiUrl, order.id)).progress.items).toMatchObject({ completed: 60, failed: 0 });
}, 240_000);

test("POST /v1/queues/fal/resume: its account was refused and is mended, the order goes on at once instead of after the gate's pause", async () => {
  const { apiUrl } = stack();
  await controlSandbox(stack(), { rules: [{ fault: "unauthenticated", provider: "fal" }] });
  const before = await countFalRequests();
  const order = await placeOrder(apiUrl, { ...falModel, prompt: "refused", generations: 5 });
  await eventually(async () => (await countFalRequests()) > before, { timeoutMs: 20_000 });
  await controlSandbox(stack(), { rules: [] });
  const begun = performance.now();
  await send("resume");
  expect((await untilEnded(apiUrl, order.id)).progress.items).toMatchObject({ completed: 5, failed: 0 });
  // The gate's own pause is 30 s.
  expect(performance.now() - begun).toBeLessThan(25_000);
}, 120_000);

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

interface WorkQueue {
  readonly name: string;
  readonly inFlight: number;
  readonly gate: { readonly state: string; readonly until: string | null } | null;
}

async function readFalQueue(): Promise<WorkQueue> {
  const response = await fetch(`${stack().apiUrl}/v1/queues`, { signal: AbortSignal.timeout(10_000) });
  const { data } = (await response.json()) as { data: WorkQueue[] };
  const work = data.find(({ name }) => name === "generator-work-fal");
  if (!work) throw new Error("fal's work queue is not listed");
  return work;
}

test("POST /v1/queues/fal/pause: orders wait, also when the broker's data is wiped, Replicate's end, and after resume all complete", async () => {
  const { apiUrl } = stack();
  const order = await placeOrder(apiUrl, { ...falModel, prompt: "under way", generations: 60 });
  await eventually(async () => (await countFalRequests()) >= 5, { timeoutMs: 30_000 });

  await send("pause");
  // What was delivered before is submitted to its end.
  await eventually(async () => (await readFalQueue()).inFlight === 0, { timeoutMs: 30_000 });
  const paused = await countFalRequests();
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
  const order = await placeOrder(apiUrl, { ...falModel, prompt: "refused", generations: 5 });
  // A refusal that is still under way would stop the gate anew after the resume.
  const { gate } = await eventually(
    async () => {
      const queue = await readFalQueue();
      return queue.gate?.state === "stopped" && queue.inFlight === 0 && queue;
    },
    { timeoutMs: 20_000 },
  );
  await controlSandbox(stack(), { rules: [] });
  await send("resume");
  expect((await untilEnded(apiUrl, order.id)).progress.items).toMatchObject({ completed: 5, failed: 0 });
  expect(Date.now()).toBeLessThan(Date.parse(gate?.until ?? ""));
}, 120_000);

/** A provider that asks for pauses, and one whose account is refused: nothing fails, and the other goes on. */
import { eventually } from "@tirage/testkit";
import { afterEach, expect, test } from "vitest";
import { falModel, placeOrder, readLedgerTotals, readOrder, replicateModel, untilEnded } from "./order-request.ts";
import { controlSandbox, useStack } from "./start-stack.ts";

const stack = useStack(() => ({ generators: 2, environment: { SANDBOX_LATENCY_MS: "100" } }));
afterEach(() => control({ rules: [] }));

const control = (body: object) => controlSandbox(stack(), body);

const ended = (id: string) => untilEnded(stack().apiUrl, id);

interface SubmitRequest {
  readonly provider: string;
  readonly arrivedAt: string;
  readonly answeredAt: string;
  readonly status: number | null;
}

const generations = 100;
const retryAfterMs = 2_000;
/**
 * After a 429 has left the sandbox, what left a generator before it knew of it still arrives: the answer's way to one
 * replica, the hint's way by the broker to the other, and the request's way back, on a machine that is busy with all of it.
 */
const inFlightMs = 250;

async function readRequests(): Promise<SubmitRequest[]> {
  const response = await fetch(`${stack().sandboxUrl}/__ledger`, { signal: AbortSignal.timeout(10_000) });
  return ((await response.json()) as { requests: SubmitRequest[] }).requests;
}

/** How long after the latest 429 before it each request to fal came that the pause did not want, in milliseconds. */
function lateness(requests: readonly SubmitRequest[]): number[] {
  const fal = requests.filter(({ provider }) => provider === "fal");
  const refusals = fal.filter(({ status }) => status === 429).map(({ answeredAt }) => Date.parse(answeredAt));
  return fal
    .map(({ arrivedAt }) => Date.parse(arrivedAt))
    .flatMap((arrivedAt) => {
      const pauses = refusals.filter((at) => at < arrivedAt && arrivedAt < at + retryAfterMs);
      return pauses.length > 0 ? [arrivedAt - Math.min(...pauses)] : [];
    });
}

/** Orders of both providers at once: Replicate's pace, and the workers of fal's order. */
async function runBoth(prompt: string, generations: number) {
  const { apiUrl } = stack();
  const begun = performance.now();
  const fal = await placeOrder(apiUrl, { ...falModel, prompt, generations });
  const replicate = await placeOrder(apiUrl, { ...replicateModel, prompt, generations });
  const all = { items: { completed: generations, failed: 0 } };
  expect((await ended(replicate.id)).progress).toMatchObject(all);
  const replicateMs = performance.now() - begun;
  const falStatus = (await readOrder(apiUrl, fal.id)).status;
  expect((await ended(fal.id)).progress).toMatchObject(all);
  const response = await fetch(`${apiUrl}/v1/orders/${fal.id}/items?limit=100`);
  const { data } = (await response.json()) as { data: { workerId: string; attempt: number }[] };
  const workers = new Set(data.map(({ workerId }) => workerId)).size;
  return { replicateMs, falStatus, workers, attempts: Math.max(...data.map(({ attempt }) => attempt)) };
}

test("fault 35: every tenth submit to fal is answered 429 with Retry-After 2, no replica submits to it in the pause, nothing fails and Replicate keeps its pace", async () => {
  await runBoth("processes warm up", 20);
  const free = await runBoth("not throttled", generations);
  await control({ rules: [{ fault: "rate_limited", provider: "fal", every: 10, retryAfterSeconds: 2 }] });
  const before = await readLedgerTotals(stack().sandboxUrl);

  const throttled = await runBoth("throttled", generations);

  const after = await readLedgerTotals(stack().sandboxUrl);
  expect((after.submissions ?? 0) - (before.submissions ?? 0)).toBe(2 * generations);
  expect(after.paidTwice).toBe(0);
  const requests = await readRequests();
  expect(requests.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(generations / 10);
  const late = lateness(requests);
  expect(late.filter((lateMs) => lateMs > inFlightMs)).toEqual([]);
  expect(throttled).toMatchObject({ falStatus: "processing", workers: 2, attempts: 1 });
  expect(throttled.replicateMs / free.replicateMs).toBeLessThan(1.5);
}, 120_000);

interface Gate {
  readonly provider: string;
  readonly state: string;
  readonly until: string | null;
  readonly detail: string | null;
}

async function list<Entry>(what: "queues" | "workers"): Promise<Entry[]> {
  const response = await fetch(`${stack().apiUrl}/v1/${what}`, { signal: AbortSignal.timeout(10_000) });
  return ((await response.json()) as { data: Entry[] }).data;
}

/** fal's gate as every worker sees it, and as its queue shows it. */
async function readGates() {
  const workers = await list<{ gates: Gate[] }>("workers");
  const queues = await list<{ name: string; pausedUntil: string | null; gate: Gate | null }>("queues");
  const ofWorkers = workers.flatMap(({ gates }) => gates.filter(({ provider }) => provider === "fal"));
  return { ofWorkers, queue: queues.find(({ name }) => name === "generator-work-fal") };
}

test("GET /v1/workers, /v1/queues: the account is refused, every worker says that fal is stopped and why, the order waits and nothing fails", async () => {
  await control({ rules: [{ fault: "payment_required", provider: "fal" }] });
  const order = await placeOrder(stack().apiUrl, { ...falModel, prompt: "unpaid", generations: 3 });
  const isStopped = ({ state }: Gate) => state === "stopped";
  const { ofWorkers, queue } = await eventually(
    async () => {
      const gates = await readGates();
      return gates.ofWorkers.length === 2 && gates.ofWorkers.every(isStopped) && gates;
    },
    { timeoutMs: 20_000 },
  );
  expect(new Set(ofWorkers.map(({ until }) => until)).size).toBe(1);
  expect(queue?.gate).toMatchObject({ state: "stopped", detail: expect.stringContaining("Payment required") });
  expect(Date.parse(queue?.pausedUntil ?? "")).toBeGreaterThan(Date.now());
  await control({ rules: [] });
  expect((await ended(order.id)).progress.items).toMatchObject({ completed: 3, failed: 0 });
  await eventually(async () => (await readGates()).ofWorkers.every(({ state }) => state === "open"), {
    timeoutMs: 20_000,
  });
}, 120_000);

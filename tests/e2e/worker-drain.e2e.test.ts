/** A person drains a generator: what it runs ends there, what is new goes to the other, and nothing is bought twice. */
import { itemPage, type Worker, workerList } from "@tirage/contracts";
import { eventually, startTestNats, type TestNats } from "@tirage/testkit";
import { afterAll, expect, test } from "vitest";
import { falModel, placeOrder, readLedgerTotals, untilEnded } from "./order-request.ts";
import { controlSandbox, useStack } from "./start-stack.ts";

const resources = new AsyncDisposableStack();
// Before the stack is asked for: hooks run backwards, and the broker ends after those who use it.
afterAll(() => resources.disposeAsync());
let nats: TestNats;
const stack = useStack(async () => {
  nats = resources.use(await startTestNats());
  return { generators: 2, environment: { NATS_URL: nats.url } };
});
const timeoutMs = 30_000;

async function call(path: string, method = "GET"): Promise<Response> {
  return fetch(`${stack().apiUrl}/v1/workers${path}`, { method, signal: AbortSignal.timeout(10_000) });
}
async function listWorkers(): Promise<Worker[]> {
  const response = await call("");
  // While the broker is away nobody knows.
  return response.ok ? workerList.parse(await response.json()).data : [];
}
const findWorker = async (id: string) => (await listWorkers()).find((worker) => worker.id === id);
const untilDrained = (id: string) =>
  eventually(async () => (await findWorker(id))?.drain?.state === "drained", { timeoutMs });
const order = (generations: number) =>
  placeOrder(stack().apiUrl, { ...falModel, prompt: "a lighthouse at dusk", generations });

/** Who made the items of an order that has ended well. */
async function makersOf(orderId: string): Promise<Set<string | null>> {
  expect(await untilEnded(stack().apiUrl, orderId)).toMatchObject({ status: "completed" });
  const url = `${stack().apiUrl}/v1/orders/${orderId}/items?limit=100`;
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  return new Set(itemPage.parse(await response.json()).data.map(({ workerId }) => workerId));
}

test("POST /v1/workers/{id}/drain: calls are in flight, they end there, new work goes to the other, also after a broker wipe, and resumed it works again", async () => {
  await controlSandbox(stack(), { latencyMs: 4_000 });
  const inFlight = await order(8);
  const [busy] = await eventually(
    async () => {
      const workers = (await listWorkers()).filter(({ running = [] }) => running.length > 0);
      return workers.length > 0 && workers;
    },
    { timeoutMs },
  );
  const id = busy?.id ?? "";

  const asked = await call(`/${id}/drain`, "POST");
  expect(asked.status, await asked.clone().text()).toBe(202);
  expect(await asked.json()).toMatchObject({ id, drain: { state: "draining" } });
  const beside = await order(3);
  const left = await eventually(async () => {
    const drain = (await findWorker(id))?.drain;
    return drain?.state === "draining" && drain.left > 0 && drain.left;
  });
  expect(left).toBeGreaterThan(0);
  expect(await makersOf(inFlight.id)).toContain(id);
  expect(await makersOf(beside.id)).not.toContain(id);
  await untilDrained(id);
  await controlSandbox(stack(), { latencyMs: 20 });

  await nats.kill9();
  await nats.restart({ wipe: true });
  await untilDrained(id);
  expect(await makersOf((await order(20)).id)).not.toContain(id);

  expect((await (await call(`/${id}/resume`, "POST")).json()).drain).toBeUndefined();
  const other = (await listWorkers()).find((worker) => worker.id !== id)?.id;
  await call(`/${other}/drain`, "POST");
  await untilDrained(other ?? "");
  expect(await makersOf((await order(3)).id)).toEqual(new Set([id]));

  const { submissions, duplicates } = await readLedgerTotals(stack().sandboxUrl);
  expect({ submissions, duplicates }).toEqual({ submissions: 8 + 3 + 20 + 3, duplicates: 0 });
}, 240_000);

test("a drained worker: alive and ready, tells of its drain, and SIGTERM ends it with nothing to hand back", async () => {
  const drained = (await listWorkers()).find(({ drain }) => drain?.state === "drained");
  const described = await Promise.all(
    stack()
      .services.filter(({ name }) => name.startsWith("generator-"))
      .map(async (service) => {
        const health = await fetch(`${service.url}/healthz`, { signal: AbortSignal.timeout(10_000) });
        const ready = await fetch(`${service.url}/readyz`, { signal: AbortSignal.timeout(10_000) });
        return { service, health: (await health.json()) as { instanceId: string }, ready: ready.status };
      }),
  );
  const own = described.find(({ health }) => health.instanceId === drained?.id);
  expect(own).toMatchObject({ ready: 200, health: { status: "ok", drain: drained?.drain } });
  await own?.service.stop();
  await eventually(async () => !(await findWorker(drained?.id ?? "")), { timeoutMs });
  expect((await call(`/${drained?.id}/resume`, "POST")).status).toBe(404);
}, 60_000);

/** A deploy under load: every process is restarted in turn while customers go on placing and reading orders. */
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { createClient } from "@tirage/client";
import { type ServiceProcess, startServiceProcess } from "@tirage/testkit";
import { expect, test } from "vitest";
import { startConnectionBalancer } from "./balance-connections.ts";
import { falModel, readLedgerTotals, replicateModel } from "./order-request.ts";
import { startStack, type TestStack } from "./start-stack.ts";

/** Between two orders of one customer. */
const pauseMs = 150;
const generations = 2;

type Client = ReturnType<typeof createClient>;

/** Places orders and reads them until told to stop. Answers the orders' ids. */
async function placeOrders(client: Client, stopping: AbortSignal): Promise<string[]> {
  const ids: string[] = [];
  while (!stopping.aborted) {
    const model = ids.length % 2 === 0 ? falModel : replicateModel;
    const { id } = await client.orders.create({ ...model, prompt: "a pier", generations, batchSize: 1 });
    ids.push(id);
    await client.orders.get(ids[Math.floor(ids.length / 2)] ?? id);
    await delay(pauseMs);
  }
  return ids;
}

/** A second replica of the API beside the stack's own. */
const startSecondApi = ({ databaseUrl, natsUrl, dataDirectory }: TestStack): Promise<ServiceProcess> =>
  startServiceProcess("order-api", {
    ...{ DATABASE_URL: databaseUrl, NATS_URL: natsUrl, HOST: "127.0.0.1", PROVIDERS: "fal,replicate" },
    BLOB_URL: pathToFileURL(join(dataDirectory, "blobs")).href,
  });

test("fault 44: every service restarted in turn under load, no customer sees an error, all orders complete and nothing is bought twice", async () => {
  await using resources = new AsyncDisposableStack();
  const environment = { PROVIDERS: "fal,replicate", SANDBOX_LATENCY_MS: "400" };
  const stack = resources.use(await startStack({ environment, generators: 2 }));
  let secondApi = await startSecondApi(stack);
  resources.defer(() => secondApi[Symbol.asyncDispose]());
  const balancer = resources.use(await startConnectionBalancer(() => [stack.apiUrl, secondApi.url]));
  const client = createClient({ baseUrl: balancer.url });
  const stopping = new AbortController();
  resources.defer(() => stopping.abort());
  const customers = [1, 2, 3].map(() => placeOrders(client, stopping.signal));
  const placing = Promise.all(customers);

  const restarts = (async () => {
    for (const service of stack.services) {
      await service.restart();
      await delay(10 * pauseMs);
    }
    expect(await secondApi.end("SIGTERM")).toBe(0);
    secondApi = await startSecondApi(stack);
    await delay(10 * pauseMs);
  })();
  // An error of a customer ends the test at once, with that error.
  await Promise.race([restarts, placing]);
  stopping.abort();
  const ids = (await placing).flat();

  for (const id of ids) {
    const order = await client.orders.wait(id, { timeoutMs: 60_000 });
    expect(order).toMatchObject({ status: "completed", partial: false });
  }
  expect(ids.length).toBeGreaterThan(50);
  expect(await readLedgerTotals(stack.sandboxUrl)).toMatchObject({
    submissions: ids.length * generations,
    paidTwice: 0,
  });
}, 240_000);

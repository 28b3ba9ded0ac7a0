/** Work of an order that was deleted comes late to a generator in its own process. */
import {
  type itemCancelled,
  itemEventsConsumer,
  itemIdOf,
  type PayloadOf,
  streams,
  workConsumer,
  workRequested,
} from "@tirage/contracts";
import { buildWorkRequested, testOrderId } from "@tirage/contracts/testing";
import { createPool } from "@tirage/database";
import {
  applyTopology,
  connectBroker,
  consumeBatches,
  defineBatchHandler,
  listSubjects,
  publish,
} from "@tirage/messaging";
import { silentLogger } from "@tirage/messaging/testing";
import { createProviderSandbox } from "@tirage/provider-sandbox";
import { createTestDatabase, eventually, startServiceProcess, startTestNats } from "@tirage/testkit";
import { expect, test } from "vitest";

test("work.requested: of a deleted order, also a later attempt, is settled without a submit", async () => {
  await using resources = new AsyncDisposableStack();
  const nats = resources.use(await startTestNats());
  const database = resources.use(await createTestDatabase());
  const sandbox = resources.use(await createProviderSandbox({ maxImageEdgePx: 64 }));
  const pool = createPool({ databaseUrl: database.url, applicationName: "test", max: 1, onError: () => undefined });
  resources.defer(() => pool.end());
  const orderId = testOrderId(1);
  await pool.query("insert into deleted_orders (id, tenant_id, storage_keys) values ($1, 'local', '{}')", [orderId]);
  const broker = resources.use(
    await connectBroker({ servers: [nats.url], service: "generator-test", logger: silentLogger }),
  );
  await applyTopology(broker, [itemEventsConsumer, workConsumer("fal", 5)]);
  const ended: { name: string; payload: PayloadOf<typeof itemCancelled> }[] = [];
  const recorder = defineBatchHandler({
    consumer: itemEventsConsumer,
    async handle(deliveries) {
      for (const { name, payload } of deliveries)
        ended.push({ name, payload: payload as (typeof ended)[0]["payload"] });
      return [];
    },
  });
  resources.use(consumeBatches(broker, recorder, { maximumEvents: 100, prefetch: 100 }));
  resources.use(
    await startServiceProcess("generator", {
      ...{ NATS_URL: nats.url, DATABASE_URL: database.url, BLOB_URL: "file:///tmp", PROVIDERS: "fal" },
      ...{ FAL_KEY: "fal-key", FAL_BASE_URL: sandbox.falBaseUrl, PROVIDER_CONCURRENCY: "fal=5" },
    }),
  );

  for (const [index, attempt] of [
    [0, 1],
    [3, 2],
  ] as const) {
    const { payload } = buildWorkRequested({ orderId, itemId: itemIdOf(orderId, index), index, attempt });
    await publish(broker, workRequested.create({ ...payload, provider: "fal", model: "fal-ai/flux/schnell" }));
  }
  await eventually(() => ended.length === 2, { timeoutMs: 30_000 });

  expect(ended.map(({ name }) => name)).toEqual(["item.cancelled", "item.cancelled"]);
  expect(ended.map(({ payload }) => payload.outcome)).toEqual(["not_started", "not_started"]);
  await eventually(async () => (await listSubjects(broker, streams.work, ">")).length === 0);
  const { rows } = await pool.query("select state, request_id as request from provider_calls");
  expect(rows).toEqual([
    { state: "finished", request: null },
    { state: "finished", request: null },
  ]);
  expect(await (await fetch(`${sandbox.url}/__ledger`)).json()).toMatchObject({ submissions: [], requests: [] });
}, 60_000);

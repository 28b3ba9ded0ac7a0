/** A cancel of what nobody has started, by a generator that dies between the ledger and the broker. */
import {
  type itemCancelled,
  itemEventsConsumer,
  itemIdOf,
  orderCancelConsumer,
  orderCancelRequested,
  type PayloadOf,
  workConsumer,
} from "@tirage/contracts";
import { testOrderId } from "@tirage/contracts/testing";
import { createPool } from "@tirage/database";
import { applyTopology, connectBroker, consumeBatches, defineBatchHandler, publish } from "@tirage/messaging";
import { silentLogger } from "@tirage/messaging/testing";
import { createTestDatabase, eventually, startServiceProcess, startTestNats } from "@tirage/testkit";
import { expect, test } from "vitest";

const orderId = testOrderId(1);
const indexes = [0, 1, 2];

test("order.cancel_requested: killed between ledger and broker, the next generator announces the very same again", async () => {
  await using nats = await startTestNats();
  await using database = await createTestDatabase();
  await using resources = new AsyncDisposableStack();
  const pool = createPool({ databaseUrl: database.url, applicationName: "test", max: 1, onError: () => undefined });
  resources.defer(() => pool.end());
  await pool.query("insert into orders (id, provider, model, prompt, seed) values ($1, 'fal', 'm', 'p', 1)", [orderId]);
  await pool.query(
    `insert into order_items (id, order_id, index, seed)
     select id, $2, index, index from unnest($1::uuid[], $3::int[]) as item(id, index)`,
    [indexes.map((index) => itemIdOf(orderId, index)), orderId, indexes],
  );
  const broker = resources.use(
    await connectBroker({ servers: [nats.url], service: "generator-test", logger: silentLogger }),
  );
  await applyTopology(broker, [itemEventsConsumer, workConsumer("fal", 5), orderCancelConsumer("generator")]);
  const announced: PayloadOf<typeof itemCancelled>[] = [];
  const recorder = defineBatchHandler({
    consumer: itemEventsConsumer,
    async handle(deliveries) {
      for (const { payload } of deliveries) announced.push(payload as PayloadOf<typeof itemCancelled>);
      return [];
    },
  });
  resources.use(consumeBatches(broker, recorder, { maximumEvents: 100, prefetch: 100 }));
  const variables = {
    ...{ NATS_URL: nats.url, DATABASE_URL: database.url, BLOB_URL: "file:///tmp", PROVIDERS: "fal" },
    ...{ FAL_KEY: "fal-key", FAL_BASE_URL: "http://127.0.0.1:1", PROVIDER_CONCURRENCY: "fal=5" },
  };
  const readResults = async () =>
    (await pool.query("select result -> 'payload' as payload from provider_calls order by item_id")).rows;

  await using dying = await startServiceProcess("generator", { ...variables, TIRAGE_FAILPOINTS: "after_stop=kill@1" });
  await publish(broker, orderCancelRequested.create({ orderId, attempt: 3, reason: "customer" }));
  await eventually(() => dying.log().includes("failpoint strikes"));
  expect(await dying.end("SIGKILL")).toBe("SIGKILL");
  const recorded = (await readResults()).map(({ payload }) => payload);
  expect(recorded).toHaveLength(indexes.length);
  expect(announced).toEqual([]);

  await using _next = await startServiceProcess("generator", variables);
  await eventually(() => announced.length === indexes.length, { timeoutMs: 30_000 });

  expect(announced.toSorted((one, other) => one.index - other.index)).toEqual(recorded);
  expect(recorded).toMatchObject(indexes.map((index) => ({ index, attempt: 1, outcome: "not_started" })));
}, 60_000);

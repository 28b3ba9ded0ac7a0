/** Submits whose answers are lost: the sandbox accepts and charges them, and then cuts the connection. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type itemCompleted,
  itemEventsConsumer,
  itemIdOf,
  type Message,
  type PayloadOf,
  workConsumer,
  workRequested,
} from "@tirage/contracts";
import { createPool } from "@tirage/database";
import {
  applyTopology,
  type Broker,
  connectBroker,
  consumeBatches,
  defineBatchHandler,
  publish,
} from "@tirage/messaging";
import { silentLogger } from "@tirage/messaging/testing";
import { createProviderSandbox, type ProviderSandbox } from "@tirage/provider-sandbox";
import { createTestDatabase, eventually, startServiceProcess, startTestNats } from "@tirage/testkit";
import type pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

const resources = new AsyncDisposableStack();
let broker: Broker;
let pool: pg.Pool;
let sandbox: ProviderSandbox;
let variables: Record<string, string>;
/** The item events that ended an item, by item. */
const ended = new Map<string, { name: string; payload: PayloadOf<typeof itemCompleted> }>();
let orders = 0;

beforeAll(async () => {
  const nats = resources.use(await startTestNats());
  const database = resources.use(await createTestDatabase());
  const rules = [{ fault: "lost_response" }] as const;
  sandbox = resources.use(await createProviderSandbox({ maxImageEdgePx: 64, latencyMs: 200, rules }));
  const blobFolder = resources.adopt(await mkdtemp(join(tmpdir(), "generator-blobs-")), (folder) =>
    rm(folder, { recursive: true, force: true }),
  );
  pool = createPool({ databaseUrl: database.url, applicationName: "test", max: 1, onError: () => undefined });
  resources.defer(() => pool.end());
  broker = resources.use(await connectBroker({ servers: [nats.url], service: "generator-test", logger: silentLogger }));
  await applyTopology(broker, [itemEventsConsumer, ...["fal", "replicate"].map((name) => workConsumer(name, 20))]);
  const recorder = defineBatchHandler({
    consumer: itemEventsConsumer,
    async handle(deliveries) {
      for (const { name, payload } of deliveries) {
        const { itemId } = payload as PayloadOf<typeof itemCompleted>;
        if (name !== "item.started") ended.set(itemId, { name, payload: payload as PayloadOf<typeof itemCompleted> });
      }
      return [];
    },
  });
  resources.use(consumeBatches(broker, recorder, { maximumEvents: 1_000, prefetch: 1_000 }));
  const secret = await fetch(`${sandbox.replicateBaseUrl}/webhooks/default/secret`, {
    headers: { authorization: "Bearer token" },
  });
  const { key } = (await secret.json()) as { key: string };
  variables = {
    ...{ NATS_URL: nats.url, DATABASE_URL: database.url, BLOB_URL: pathToFileURL(blobFolder).href },
    ...{ FAL_KEY: "fal-key", FAL_BASE_URL: sandbox.falBaseUrl },
    ...{ REPLICATE_API_TOKEN: "replicate-token", REPLICATE_BASE_URL: sandbox.replicateBaseUrl },
    ...{ PROVIDER_CONCURRENCY: "fal=20,replicate=20", REPLICATE_WEBHOOK_SECRET: key },
    ...{ LEASE_MS: "12000", UNKNOWN_GRACE_MS: "22000" },
  };
  // It brings back what a generator postpones.
  resources.use(await startServiceProcess("dispatcher", variables));
});
afterAll(() => resources.disposeAsync());
beforeEach(async () => {
  ended.clear();
  await fetch(`${sandbox.url}/__ledger`, { method: "DELETE" });
});

/** Of one provider, all of whose answers are lost: one more would open its circuit, whose pauses grow with each probe. */
const lostAtOnce = 4;

const models: Record<string, string> = { fal: "fal-ai/flux/schnell", replicate: "black-forest-labs/flux-schnell" };

function worksOf(provider: string, count: number): Message[] {
  orders += 1;
  const orderId = `01920000-0000-7000-8000-${String(orders).padStart(6, "0")}000000`;
  return Array.from({ length: count }, (_, index) =>
    workRequested.create({
      ...{ itemId: itemIdOf(orderId, index), orderId, tenantId: "local", index, attempt: 1, epoch: 0 },
      ...{ provider, model: models[provider] ?? "", batchSize: 1, prompt: "a canary at dusk", parameters: {} },
      seed: orders * 1_000 + index,
    }),
  );
}

async function generateAll(works: readonly Message[], timeoutMs: number) {
  await Promise.all(works.map((work) => publish(broker, work)));
  const itemIds = works.map(({ payload }) => (payload as PayloadOf<typeof workRequested>).itemId);
  return eventually(
    () => {
      const events = itemIds.map((itemId) => ended.get(itemId)).filter((event) => event !== undefined);
      return events.length === works.length && events;
    },
    { timeoutMs },
  );
}

async function readSandbox() {
  const { totals } = (await (await fetch(`${sandbox.url}/__ledger`)).json()) as {
    totals: { submissions: number; duplicates: number; paidTwice: number };
  };
  const { submissions, duplicates, paidTwice } = totals;
  return { submissions, duplicates, paidTwice };
}

const recoveries = (events: Awaited<ReturnType<typeof generateAll>>) => [
  ...new Set(events.map(({ name, payload }) => `${name} ${payload.recovery}`)),
];

test("fault 9: the answer of every submit is lost, the providers' callbacks complete every item and nothing is paid twice", async () => {
  await using api = await startServiceProcess("order-api", variables);
  await using generator = await startServiceProcess("generator", { ...variables, PUBLIC_URL: api.url });
  const works = [...worksOf("fal", lostAtOnce), ...worksOf("replicate", lostAtOnce)];

  const events = await generateAll(works, 45_000);

  expect(recoveries(events)).toEqual(["item.completed callback"]);
  expect(await readSandbox()).toEqual({ submissions: 2 * lostAtOnce, duplicates: 0, paidTwice: 0 });
  const metrics = await (await fetch(`${generator.url}/metrics`)).text();
  expect(metrics).toMatch(/tirage_submit_unknown_total\{[^}]*provider="fal"[^}]*\} 4/);
  expect(metrics).toMatch(/tirage_submit_unknown_decided_total\{[^}]*provider="fal"[^}]*by="callback"[^}]*\} 4/);
}, 90_000);

test("fault 36: the answer of every submit to Replicate is lost, without callbacks its listing completes every item", async () => {
  await using _generator = await startServiceProcess("generator", variables);

  const events = await generateAll(worksOf("replicate", lostAtOnce), 45_000);

  expect(recoveries(events)).toEqual(["item.completed listing"]);
  expect(await readSandbox()).toEqual({ submissions: lostAtOnce, duplicates: 0, paidTwice: 0 });
}, 90_000);

test("fault 36: the answer of every submit to fal is lost, without callbacks it fails after the grace, submitted once", async () => {
  await using _generator = await startServiceProcess("generator", variables);

  const events = await generateAll(worksOf("fal", lostAtOnce), 75_000);

  expect(recoveries(events)).toEqual(["item.failed undefined"]);
  expect(events[0]?.payload).toMatchObject({ error: { code: "outcome_unknown" } });
  expect(await readSandbox()).toEqual({ submissions: lostAtOnce, duplicates: 0, paidTwice: 0 });
}, 90_000);

test("fault 40: callbacks that come twice or after the end change nothing of an item", async () => {
  await using api = await startServiceProcess("order-api", variables);
  await using _generator = await startServiceProcess("generator", { ...variables, PUBLIC_URL: api.url });
  const rules = [{ fault: "webhook_twice" }];
  const control = (body: object) =>
    fetch(`${sandbox.url}/__control`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  await control({ rules });

  const events = await generateAll([...worksOf("fal", 5), ...worksOf("replicate", 5)], 20_000);
  const rowsBefore = await eventually(async () => {
    const { rows } = await pool.query(
      `select c.request_id, c.result from provider_calls c
      join provider_callbacks b on b.nonce = c.nonce and b.request_id = c.request_id
      where c.item_id = any($1::uuid[]) order by c.item_id`,
      [events.map(({ payload }) => payload.itemId)],
    );
    return rows.length === events.length && rows;
  });

  expect(recoveries(events)).toEqual(["item.completed undefined"]);
  expect(rowsBefore).toHaveLength(10);
  expect(await readSandbox()).toEqual({ submissions: 10, duplicates: 0, paidTwice: 0 });
}, 90_000);

test("fault 8: killed between claim and submit, the item ends as unknown after the grace and nothing is bought", async () => {
  const [work] = worksOf("fal", 1);
  if (!work) throw new Error("one was asked for");
  const killed = { ...variables, TIRAGE_FAILPOINTS: "before_submit=kill@1" };
  await using first = await startServiceProcess("generator", killed);
  await publish(broker, work);
  await eventually(() => first.log().includes("failpoint strikes"), { timeoutMs: 20_000 });
  await using _second = await startServiceProcess("generator", variables);

  await eventually(() => ended.size === 1, { timeoutMs: 75_000 });

  expect([...ended.values()]).toMatchObject([{ name: "item.failed", payload: { error: { code: "outcome_unknown" } } }]);
  expect(await readSandbox()).toEqual({ submissions: 0, duplicates: 0, paidTwice: 0 });
}, 120_000);

/**
 * Many follow orders and some of them stop reading. The short form runs with the other tests; as many as it should bear:
 * `TIRAGE_LIVE_CLIENTS=2000 pnpm exec vitest run tests/live`.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { createClient, type Order } from "@tirage/client";
import { itemIdOf, orderLimits, orderUpdated, productIdOf } from "@tirage/contracts";
import { createPool } from "@tirage/database";
import { type Broker, connectBroker, publish } from "@tirage/messaging";
import { silentLogger } from "@tirage/messaging/testing";
import {
  createTestDatabase,
  eventually,
  type ServiceProcess,
  startServiceProcess,
  startTestNats,
} from "@tirage/testkit";
import { expect, test } from "vitest";
import { type EventClient, followEvents, stall } from "./event-client.ts";

const clients = Number(process.env.TIRAGE_LIVE_CLIENTS ?? 300);
const stalled = Math.round(clients / 10);
const orders = 20;
const productsOfOrder = 10;
/** Each of some 80 kB: unread, they would be 10 MB a client, of which the kernel takes up to 4. */
const changesOfLargeOrder = 120;
const changesForProduct = changesOfLargeOrder / productsOfOrder;
/** From when the first changes were told to the end. Were unread events kept, it would be twice as much. */
const growthLimitBytes = stalled * 2_500_000;

interface Surroundings {
  readonly api: ServiceProcess;
  readonly pool: ReturnType<typeof createPool>;
  readonly broker: Broker;
}

const slim = { provider: "fal", model: "fal-ai/flux/schnell", prompt: "a lighthouse", quantity: productsOfOrder };
const large = {
  ...{ ...slim, model: "someone/new", prompt: "€".repeat(orderLimits.promptCharacters) },
  parameters: { note: "x".repeat(28_000) },
  metadata: Object.fromEntries(
    Array.from({ length: orderLimits.metadataKeys }, (_, place) => [
      `note-${place}`,
      "€".repeat(orderLimits.metadataValueCharacters),
    ]),
  ),
};

/** As the aggregator does: the row and its product first, then the message. */
async function change({ pool, broker }: Surroundings, { id, progress }: Order, productIndex?: number): Promise<void> {
  const isLast = productIndex === productsOfOrder - 1;
  const { rows } = await pool.query<{ version: number }>(
    `UPDATE orders SET version = version + 1, status = $2, started_at = now(), updated_at = now(),
       finished_at = CASE WHEN $2 = 'completed' THEN now() END WHERE id = $1 RETURNING version`,
    [id, isLast ? "completed" : "processing"],
  );
  const version = rows[0]?.version ?? 0;
  if (productIndex !== undefined) {
    await pool.query(
      `INSERT INTO products (id, order_id, order_item_id, index, storage_key, content_type, bytes, sha256, order_version)
       VALUES ($1, $2, $3, $4, 'none', 'image/png', 1, 'none', $5)`,
      [productIdOf(itemIdOf(id, productIndex), 1, 0), id, itemIdOf(id, 0), productIndex, version],
    );
  }
  const update = { orderId: id, tenantId: "local", version, status: "processing" as const, partial: false, progress };
  await publish(broker, orderUpdated.create(update));
}

async function residentBytes({ url }: ServiceProcess): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^process_resident_memory_bytes\S* (\S+)/m.exec(metrics)?.[1]);
}

async function begin(resources: AsyncDisposableStack): Promise<Surroundings> {
  const database = resources.use(await createTestDatabase());
  const nats = resources.use(await startTestNats());
  const folder = await mkdtemp(join(tmpdir(), "tirage-live-"));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const variables = { DATABASE_URL: database.url, NATS_URL: nats.url, BLOB_URL: pathToFileURL(folder).href };
  const pool = createPool({ databaseUrl: database.url, applicationName: "test", max: 4, onError: () => {} });
  resources.defer(() => pool.end());
  const broker = resources.use(await connectBroker({ servers: [nats.url], service: "test", logger: silentLogger }));
  const api = resources.use(await startServiceProcess("order-api", variables));
  await eventually(async () => (await (await fetch(`${api.url}/readyz`)).json()).degraded.length === 0);
  return { api, pool, broker };
}

test(`fault 43: ${clients} clients follow orders and ${stalled} of them read nothing, the others hear everything once and memory stays flat`, async () => {
  await using resources = new AsyncDisposableStack();
  const surroundings = await begin(resources);
  const { api } = surroundings;
  const client = createClient({ baseUrl: api.url });
  const placed = await Promise.all(Array.from({ length: orders }, () => client.orders.create(slim)));
  const largeOrder = await client.orders.create(large);
  const readers: EventClient[] = [];
  for (let place = 0; place < clients - stalled; place += 1) {
    const order = placed[place % orders];
    readers.push(resources.use(await followEvents(`${api.url}${order?.urls.events}`)));
  }
  for (let place = 0; place < stalled; place += 1) {
    resources.use(await stall(`${api.url}${place % 2 === 0 ? largeOrder.urls.events : "/v1/events"}`));
  }
  await eventually(() => readers.every(({ heard }) => heard.get("order") === 1));
  const before = await residentBytes(api);

  const samples: number[] = [];
  for (let round = 0; round < changesOfLargeOrder; round += 1) {
    await change(surroundings, largeOrder);
    const productIndex = round % changesForProduct === 0 ? round / changesForProduct : undefined;
    if (productIndex !== undefined) await Promise.all(placed.map((order) => change(surroundings, order, productIndex)));
    // No more than this is told apart: what comes faster is told as one.
    await delay(100);
    if (round % 10 === 9) samples.push(await residentBytes(api));
  }

  await eventually(() => readers.every(({ isOver }) => isOver), { timeoutMs: 60_000 });
  for (const { heard } of readers) {
    expect(heard.get("end")).toBe(1);
    expect(heard.get("product")).toBe(productsOfOrder);
    // Each under its id and once, beside the three names of events.
    expect(heard.size).toBe(productsOfOrder + 3);
  }
  const growth = Math.max(...samples.slice(-3)) - Math.max(...samples.slice(2, 5));
  process.stderr.write(
    `${clients} clients, ${stalled} stalled: MB ${[before, ...samples].map((sample) => Math.round(sample / 1e6)).join(" ")}\n`,
  );
  expect(growth).toBeLessThan(growthLimitBytes);
}, 300_000);

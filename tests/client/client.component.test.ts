/** The client against the real API, over HTTP. */
import { createHash } from "node:crypto";
import { createClient, TirageProblem } from "@tirage/client";
import { announcePresence } from "@tirage/messaging";
import { eventually } from "@tirage/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seedProduct } from "../../services/order-api/test/seed-product.ts";
import { startOrderApi, type TestOrderApi, tenImages } from "../../services/order-api/test/start-order-api.ts";

let api: TestOrderApi;
let client: ReturnType<typeof createClient>;
beforeAll(async () => {
  api = await startOrderApi();
  client = createClient({ baseUrl: baseUrlOf(api) });
});
afterAll(() => api[Symbol.asyncDispose]());

const baseUrlOf = ({ app }: TestOrderApi): string => app.listeningOrigin;

test("orders.create: the answer is lost and the call made again, one order", async () => {
  const before = await api.countRows();
  let isLost = false;
  const losing = createClient({
    baseUrl: baseUrlOf(api),
    async fetch(url, init) {
      const response = await fetch(url, init);
      if (isLost) return response;
      isLost = true;
      await response.arrayBuffer();
      throw new TypeError("the connection was reset");
    },
  });

  const order = await losing.orders.create(tenImages);

  expect((await api.countRows()).orders).toBe(before.orders + 1);
  expect(await client.orders.get(order.id)).toEqual(order);
});

test("orders.create: the prompt is missing and the batch size too small, TirageProblem with both places", async () => {
  const wrong = { ...tenImages, prompt: "", batchSize: 0 };

  const thrown = await client.orders.create(wrong).catch((error: unknown) => error);

  expect(thrown).toBeInstanceOf(TirageProblem);
  expect(thrown).toMatchObject({
    type: "/problems/validation",
    status: 400,
    errors: [{ pointer: "/prompt" }, { pointer: "/batchSize" }],
  });
});

test("orders.createBatch, orders.list: five orders and pages of two, each of them newest first", async () => {
  const requests = Array.from({ length: 5 }, () => ({ ...tenImages, model: "fal-ai/flux/dev" }));

  const placed = await client.orders.createBatch(requests);
  const listed: string[] = [];
  for await (const { id } of client.orders.list({ model: "fal-ai/flux/dev", limit: 2 })) listed.push(id);

  expect([...listed].sort()).toEqual(placed.map(({ id }) => id).sort());
  expect(listed).toHaveLength(5);
});

test("orders.items, quotes.create, models.list, queues.list, workers.list: asked, what the API shows", async () => {
  const { id } = await client.orders.create(tenImages);
  const batchSizes: number[] = [];
  for await (const item of client.orders.items(id)) batchSizes.push(item.batchSize);

  expect(batchSizes).toEqual([4, 4, 2]);
  expect(await client.quotes.create(tenImages)).toMatchObject({ generations: 3, totalProducts: 10 });
  expect((await client.models.list()).map(({ model }) => model)).toContain("fal-ai/flux/schnell");
  expect(await client.workers.list()).toEqual(expect.any(Array));
  expect((await client.queues.list()).length).toBeGreaterThan(0);
});

test("workers.drain, workers.resume: a worker, draining until it is resumed; nobody's id, TirageProblem 404", async () => {
  const presence = { service: "generator", id: "one", version: "1.2.3", startedAt: new Date().toISOString() };
  await using _presence = announcePresence(api.broker, () => presence);
  await eventually(async () => (await client.workers.list()).length === 1);
  expect((await client.workers.drain("one")).drain).toMatchObject({ state: "draining", left: 0 });
  expect((await client.workers.resume("one")).drain).toBeUndefined();
  await expect(client.workers.drain("nobody")).rejects.toMatchObject({ status: 404 });
});

test("queues.pause, queues.resume: a provider, paused until it is resumed", async () => {
  expect(await client.queues.pause("fal")).toMatchObject({ provider: "fal", pausedAt: expect.any(String) });
  expect(await client.queues.resume("fal")).toEqual({ provider: "fal", pausedAt: null });
});

test("orders.get: nobody's order, TirageProblem 404", async () => {
  await expect(client.orders.get("0192c0de-0000-7000-8000-000000000000")).rejects.toMatchObject({ status: 404 });
});

/** What the aggregator does when an order ends. */
const end = (orderId: string, status: "completed" | "failed") =>
  api.pool.query(
    `UPDATE orders SET status = $2, version = version + 1, finished_at = now(), items_pending = 0,
       items_completed = CASE WHEN $2 = 'completed' THEN items_total ELSE 0 END,
       items_failed = CASE WHEN $2 = 'failed' THEN items_total ELSE 0 END,
       products_produced = (SELECT count(*) FROM products WHERE order_id = orders.id) WHERE id = $1`,
    [orderId, status],
  );

test("orders.events: an order that ends with a product, its states, the product and the end; then its bytes", async () => {
  const { id } = await client.orders.create(tenImages);
  const seen: string[] = [];
  let productId = "";
  let sha256 = "";
  for await (const event of client.orders.events(id)) {
    seen.push(event.type);
    if (event.type === "product") productId = event.product.id;
    if (seen.length > 1) continue;
    ({ sha256 } = await seedProduct(api, id));
    await end(id, "completed");
  }

  expect(seen).toEqual(["order", "order", "product", "end"]);
  const bytes = await client.products.download(productId);
  expect(createHash("sha256").update(bytes).digest("hex")).toBe(sha256);
  expect(await client.products.get(productId)).toMatchObject({ id: productId, sha256 });
});

test("orders.wait: the API is restarted meanwhile, the order as it ended", async () => {
  const { id } = await client.orders.create(tenImages);
  const port = new URL(baseUrlOf(api)).port;
  const replica = await startOrderApi({}, { beside: api });
  const replicaPort = new URL(baseUrlOf(replica)).port;
  const waiting = createClient({
    baseUrl: baseUrlOf(replica),
    fetch: (url, init) => fetch(redirect(String(url)), init),
  });
  let isAway = false;
  const redirect = (url: string) => (isAway ? url.replace(`:${replicaPort}`, `:${port}`) : url);
  const ended = waiting.orders.wait(id, { timeoutMs: 20_000 });

  isAway = true;
  const restart = async () => {
    await replica[Symbol.asyncDispose]();
    await end(id, "completed");
  };
  const [order] = await Promise.all([ended, restart()]);

  expect(order).toMatchObject({ id, status: "completed" });
});

test("orders.retry: nothing has failed, TirageProblem 409", async () => {
  const { id } = await client.orders.create(tenImages);
  await end(id, "completed");

  await expect(client.orders.retry(id)).rejects.toMatchObject({ name: "TirageProblem", status: 409 });
});

test("orders.delete: an order that has ended, gone and told; again, still gone; one that runs, TirageProblem 409", async () => {
  const [ended, running] = [await client.orders.create(tenImages), await client.orders.create(tenImages)];
  await expect(client.orders.delete(running.id)).rejects.toMatchObject({ name: "TirageProblem", status: 409 });
  const { id } = ended;
  using leaving = new DisposableStack();
  const stop = new AbortController();
  leaving.defer(() => stop.abort());
  const all = client.events({ signal: stop.signal });
  await all.next();
  const waiting = client.orders.wait(id, { timeoutMs: 20_000 });
  const followed: string[] = [];
  const follow = async () => {
    for await (const { type } of client.orders.events(id)) followed.push(type);
  };
  const following = follow();
  await eventually(() => followed.length === 1);
  // By hand, since both streams would have ended with the order.
  await api.pool.query("DELETE FROM orders WHERE id = $1", [id]);
  await api.pool.query("INSERT INTO deleted_orders (id, tenant_id, storage_keys) VALUES ($1, 'local', '{}')", [id]);

  await expect(waiting).rejects.toMatchObject({ status: 404, type: "/problems/order-deleted" });
  await following;
  expect(followed).toEqual(["order", "deleted"]);
  let told = await all.next();
  while (!told.done && told.value.type !== "deleted") told = await all.next();
  expect(told.value).toEqual({ type: "deleted", deletion: { id, deletedAt: expect.any(String) } });
  await end(running.id, "completed");
  await client.orders.delete(running.id);
  await client.orders.delete(running.id);
  await expect(client.orders.get(running.id)).rejects.toMatchObject({ type: "/problems/order-deleted" });
});

test("events: the first stream breaks, it says so, opens another and tells an order that is placed", async () => {
  const states: string[] = [];
  let isBroken = false;
  const broken = createClient({
    baseUrl: baseUrlOf(api),
    async fetch(url, init) {
      if (isBroken) return fetch(url, init);
      isBroken = true;
      throw new TypeError("the connection was reset");
    },
  });
  using ending = new DisposableStack();
  const stop = new AbortController();
  ending.defer(() => stop.abort());
  const events = broken.events({ signal: stop.signal, onConnection: (state) => states.push(state) });
  const first = events.next();
  const { id } = await client.orders.create(tenImages);

  let told = await first;
  while (!told.done && !(told.value.type === "order" && told.value.order.id === id)) told = await events.next();

  expect(told).toMatchObject({ done: false, value: { type: "order", order: { id } } });
  expect(states).toEqual(["lost", "open"]);
});

test("orders.page: the cursor of a page, the page after it", async () => {
  await client.orders.createBatch(Array.from({ length: 3 }, () => ({ ...tenImages, model: "fal-ai/fast-sdxl" })));

  const first = await client.orders.page({ model: "fal-ai/fast-sdxl", limit: 2 });
  const second = await client.orders.page({
    model: "fal-ai/fast-sdxl",
    limit: 2,
    cursor: first.nextCursor ?? undefined,
  });

  expect([first.data.length, second.data.length, second.nextCursor]).toEqual([2, 1, null]);
});

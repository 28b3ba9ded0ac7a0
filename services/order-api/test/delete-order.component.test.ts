import { createHash, randomUUID } from "node:crypto";
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { createBlobStore } from "@tirage/blob-store";
import { itemIdOf } from "@tirage/contracts";
import { buildWorkRequested } from "@tirage/contracts/testing";
import { eventually, startServiceProcess } from "@tirage/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seedProduct } from "./seed-product.ts";
import { startOrderApi, type TestOrderApi, tenImages } from "./start-order-api.ts";

const hashOf = (key: string) => createHash("sha256").update(key).digest("hex");
const red = { authorization: "Bearer red-key" };
const blue = { authorization: "Bearer blue-key" };

let api: TestOrderApi;
beforeAll(async () => {
  const keys = `red:${hashOf("red-key")},blue:${hashOf("blue-key")}`;
  api = await startOrderApi({ AUTH: "api-key", API_KEYS: keys });
});
afterAll(() => api[Symbol.asyncDispose]());

const remove = (id: string, headers = red) => api.app.inject({ method: "DELETE", url: `/v1/orders/${id}`, headers });
const read = (url: string) => api.app.inject({ url, headers: red });

async function place(status: string, headers: Record<string, string> = {}): Promise<string> {
  const { id } = (await api.post("/v1/orders", tenImages, { ...red, ...headers })).json();
  await api.pool.query("UPDATE orders SET status = $2 WHERE id = $1", [id, status]);
  await api.pool.query("UPDATE order_items SET status = 'completed' WHERE order_id = $1", [id]);
  return id;
}

async function listBlobs(orderId: string): Promise<string[]> {
  const entries = await readdir(fileURLToPath(api.config.BLOB_URL), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && entry.parentPath.includes(orderId)).map(({ name }) => name);
}

test("DELETE /v1/orders/{id}: ended, 204, and order, items, products and bytes are gone while the ledger stays", async () => {
  const id = await place("completed");
  const product = await seedProduct(api, id);
  await api.pool.query(
    `INSERT INTO provider_calls (item_id, attempt, provider, nonce, state) VALUES ($1, 1, 'fal', $2, 'finished')`,
    [itemIdOf(id, 0), randomUUID()],
  );
  expect(await listBlobs(id)).toHaveLength(1);

  expect((await remove(id)).statusCode).toBe(204);

  for (const path of ["", "/items", "/products", "/ledger", "/archive", "/events"]) {
    const response = await read(`/v1/orders/${id}${path}`);
    expect(response.statusCode, path).toBe(404);
    expect(response.json().type, path).toBe("/problems/order-deleted");
  }
  for (const path of ["", "/content", "/thumbnail"]) {
    expect((await read(`/v1/products/${product.id}${path}`)).statusCode, path).toBe(404);
  }
  for (const path of ["/cancel", "/retry"]) {
    expect((await api.post(`/v1/orders/${id}${path}`, {}, red)).statusCode, path).toBe(404);
  }
  expect((await read("/v1/products")).json().data).toEqual([]);
  expect((await read("/v1/orders")).json().data).toEqual([]);
  await eventually(async () => (await listBlobs(id)).length === 0);
  const { rows } = await api.pool.query("SELECT attempt FROM provider_calls WHERE item_id = $1", [itemIdOf(id, 0)]);
  expect(rows).toEqual([{ attempt: 1 }]);
});

test("DELETE /v1/orders/{id}: its ledger holds the work of another attempt, the row stays without prompt and parameters", async () => {
  const id = await place("failed");
  const { payload, type } = buildWorkRequested({ orderId: id, itemId: itemIdOf(id, 0), attempt: 2 });
  await api.pool.query(
    `INSERT INTO provider_calls (item_id, attempt, provider, nonce, state, result) VALUES ($1, 1, 'fal', $2, 'finished', $3)`,
    [itemIdOf(id, 0), randomUUID(), JSON.stringify({ type, payload })],
  );

  await remove(id);

  const { rows } = await api.pool.query("SELECT result FROM provider_calls WHERE item_id = $1", [itemIdOf(id, 0)]);
  expect(rows).toEqual([{ result: { type, payload: { ...payload, prompt: "", parameters: {} } } }]);
});

test("GET /v1/products/{id}/thumbnail: asked for while the order is deleted, nothing of it stays", async () => {
  const id = await place("completed");
  const product = await seedProduct(api, id);
  const asked = Promise.all(
    Array.from({ length: 5 }, () => read(`/v1/products/${product.id}/thumbnail`).then(({ statusCode }) => statusCode)),
  );

  await remove(id);
  const statuses = await asked;

  expect(statuses.filter((status) => status !== 200 && status !== 404)).toEqual([]);
  await eventually(async () => (await listBlobs(id)).length === 0);
});

test("DELETE /v1/orders/{id}: again, 204 as before; another tenant's and nobody's, 404", async () => {
  const id = await place("cancelled");

  expect((await remove(id)).statusCode).toBe(204);
  expect((await remove(id)).statusCode).toBe(204);
  expect((await remove(id, blue)).statusCode).toBe(404);
  const asBlue = await api.app.inject({ url: `/v1/orders/${id}`, headers: blue });
  expect(asBlue.json().type).toBe("/problems/not-found");
  expect((await remove(randomUUID())).statusCode).toBe(404);
  expect((await remove("nonsense")).statusCode).toBe(404);
});

test.each(["pending", "processing"])(
  "DELETE /v1/orders/{id}: %s, 409 that says to cancel it, nothing removed",
  async (status) => {
    const id = await place(status);

    const response = await remove(id);

    expect(response.statusCode).toBe(409);
    expect(response.json().detail).toContain("cancel it first");
    expect((await read(`/v1/orders/${id}`)).statusCode).toBe(200);
  },
);

test("DELETE /v1/orders/{id}: another tenant's, 404 and nothing removed", async () => {
  const id = await place("failed");

  expect((await remove(id, blue)).statusCode).toBe(404);
  expect((await read(`/v1/orders/${id}`)).statusCode).toBe(200);
});

test("DELETE /v1/orders/{id}: its request sent again under its key, answered as before and nothing ordered", async () => {
  const key = { "idempotency-key": randomUUID() };
  const id = await place("completed", key);
  await remove(id);
  const before = await api.countRows();

  const again = await api.post("/v1/orders", tenImages, { ...red, ...key });

  expect(again.statusCode).toBe(201);
  expect(again.json().id).toBe(id);
  expect(await api.countRows()).toEqual(before);
});

test("DELETE /v1/orders/{id}: outputs that came after it are removed, also beside those of an order whose blobs cannot be", async () => {
  const [stuck, id] = [await place("completed"), await place("completed")];
  for (const orderId of [stuck, id]) await remove(orderId);
  const late = `local/${id}/0/1/9.png`;
  await using store = createBlobStore(api.config.BLOB_URL);
  await store.put(late, Buffer.from("late"), "image/png");
  await api.pool.query("UPDATE deleted_orders SET storage_keys = ARRAY[$2] WHERE id = $1", [stuck, "../out"]);
  await api.pool.query("UPDATE deleted_orders SET storage_keys = ARRAY[$2] WHERE id = $1", [id, late]);

  await remove(id);

  await eventually(async () => (await listBlobs(id)).length === 0);
  const left = "SELECT id FROM deleted_orders WHERE storage_keys <> '{}'";
  await eventually(async () => (await api.pool.query(left)).rowCount === 1);
  expect((await api.pool.query(left)).rows).toEqual([{ id: stuck }]);
  await api.pool.query("UPDATE deleted_orders SET storage_keys = '{}' WHERE id = $1", [stuck]);
});

test("DELETE /v1/orders/{id}: and a retry at once, one of them is told that the other came first", async () => {
  const outcomes = new Set<string>();
  for (let round = 0; round < 20; round += 1) {
    const id = await place("failed");
    await api.pool.query("UPDATE order_items SET status = 'failed' WHERE order_id = $1", [id]);
    const [removed, retried] = await Promise.all([remove(id), api.post(`/v1/orders/${id}/retry`, {}, red)]);
    outcomes.add(`${removed.statusCode} ${retried.statusCode}`);
  }
  expect([...outcomes].filter((outcome) => !["204 404", "409 202"].includes(outcome))).toEqual([]);
});

test("DELETE /v1/orders/{id}: ten thousand generations, each with a call in the ledger, 204 within the time that a statement has", async () => {
  const id = await place("completed");
  await api.pool.query(
    `INSERT INTO order_items (id, order_id, index, seed, status)
     SELECT gen_random_uuid(), $1, index, 7, 'completed' FROM generate_series(3, 9999) AS index`,
    [id],
  );
  await api.pool.query(
    `INSERT INTO provider_calls (item_id, attempt, provider, nonce, state, result)
     SELECT id, 1, 'fal', gen_random_uuid(), 'finished', '{"payload":{"outputs":[{"storageKey":"a"}]}}'
     FROM order_items WHERE order_id = $1`,
    [id],
  );

  expect((await remove(id)).statusCode).toBe(204);

  const { rowCount } = await api.pool.query("SELECT FROM order_items WHERE order_id = $1", [id]);
  expect(rowCount).toBe(0);
});

test("DELETE /v1/orders/{id}: killed between rows and blobs, the next process removes the blobs", async () => {
  const id = await place("completed");
  await seedProduct(api, id);
  const variables = {
    ...{ DATABASE_URL: api.config.DATABASE_URL, NATS_URL: api.nats.url, BLOB_URL: api.config.BLOB_URL },
    ...{ HOST: "127.0.0.1", PROVIDERS: "fal,replicate", AUTH: "api-key", API_KEYS: `red:${hashOf("red-key")}` },
  };
  await using killed = await startServiceProcess("order-api", {
    ...variables,
    TIRAGE_FAILPOINTS: "after_delete_before_blobs=kill@1",
  });
  await fetch(`${killed.url}/v1/orders/${id}`, {
    method: "DELETE",
    headers: red,
    signal: AbortSignal.timeout(20_000),
  }).catch(() => undefined);
  expect(await killed.end("SIGTERM")).toBe("SIGKILL");
  expect((await read(`/v1/orders/${id}`)).statusCode).toBe(404);
  expect(await listBlobs(id)).toHaveLength(1);

  await using _next = await startServiceProcess("order-api", variables);

  await eventually(async () => (await listBlobs(id)).length === 0);
});

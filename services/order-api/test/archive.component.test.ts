import { randomBytes } from "node:crypto";
import { link, mkdir, readdir, readlink, rm, writeFile } from "node:fs/promises";
import { get, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { itemIdOf, type Order, productIdOf } from "@tirage/contracts";
import { eventually } from "@tirage/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readZip } from "./read-zip.ts";
import { seedProduct } from "./seed-product.ts";
import { startOrderApi, type TestOrderApi, tenImages } from "./start-order-api.ts";

let api: TestOrderApi;
beforeAll(async () => {
  api = await startOrderApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const place = async (request: object = tenImages): Promise<Order> => (await api.post("/v1/orders", request)).json();

/** Not `inject`, which would gather the answer. */
function open(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(`${api.app.listeningOrigin}${url}`, resolve).on("error", reject);
  });
}

const archiveOf = async (order: Order) => readZip(await buffer(await open(order.urls.archive)));
const manifestIn = (files: Awaited<ReturnType<typeof readZip>>) => JSON.parse(String(files.at(-1)?.bytes));

/** Files of the store that this process has open. */
async function openFiles(): Promise<string[]> {
  const descriptors = await readdir("/proc/self/fd");
  const paths = await Promise.all(descriptors.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => "")));
  return paths.filter((path) => path.startsWith(api.blobFolder));
}

test("GET /v1/orders/{id}/archive: an order that has ended, its images by number, uncompressed, and a manifest that knows them", async () => {
  const order = await place({ ...tenImages, metadata: { job: "7" } });
  const products = [await seedProduct(api, order.id, 0), await seedProduct(api, order.id, 3)];
  await api.pool.query(
    "UPDATE order_items SET worker_id = 'worker-1', provider_request_id = 'request-1' WHERE id = $1",
    [itemIdOf(order.id, 0)],
  );
  await api.pool.query("UPDATE orders SET status = 'completed', partial = true WHERE id = $1", [order.id]);

  const response = await open(order.urls.archive);
  const files = await readZip(await buffer(response));

  expect(response.headers).toMatchObject({
    "content-type": "application/zip",
    "content-disposition": `attachment; filename="order-${order.id}.zip"`,
  });
  expect(files.map(({ name }) => name)).toEqual(["001.png", "004.png", "manifest.json"]);
  for (const [place, { bytes }] of products.entries()) expect(files[place]?.bytes.equals(bytes)).toBe(true);
  expect(files.slice(0, 2).some(({ isCompressed }) => isCompressed)).toBe(false);
  const { images, ...rest } = manifestIn(files);
  expect(rest).toMatchObject({ complete: true, requested: 10, missing: [] });
  expect(rest.order).toMatchObject({
    id: order.id,
    status: "completed",
    provider: "fal",
    model: tenImages.model,
    prompt: tenImages.prompt,
    parameters: {},
    metadata: { job: "7" },
  });
  expect(images[1]).toMatchObject({
    file: "004.png",
    productId: products[1]?.id,
    sha256: products[1]?.sha256,
    bytes: 1_000,
    width: 64,
    height: 64,
    seed: 7,
    attempt: 1,
    providerRequestId: "request-1",
    workerId: "worker-1",
  });
});

test("GET /v1/orders/{id}/archive: an order that still runs, what is there, and the manifest says that more may come", async () => {
  const order = await place();
  expect(manifestIn(await archiveOf(order))).toMatchObject({ complete: false, images: [], requested: 10 });
  await seedProduct(api, order.id, 0);

  const files = await archiveOf(order);

  expect(files.map(({ name }) => name)).toEqual(["001.png", "manifest.json"]);
  expect(manifestIn(files)).toMatchObject({ complete: false, order: { status: "pending" } });
});

test("GET /v1/orders/{id}/archive: an image that is gone, the others, and the manifest names it", async () => {
  const order = await place();
  const [gone] = [await seedProduct(api, order.id, 0), await seedProduct(api, order.id, 1)];
  await api.pool.query("UPDATE orders SET status = 'completed' WHERE id = $1", [order.id]);
  await rm(join(api.blobFolder, "local", order.id, "0", "1", "0.png"));

  const files = await archiveOf(order);

  expect(files.map(({ name }) => name)).toEqual(["002.png", "manifest.json"]);
  expect(manifestIn(files)).toMatchObject({ complete: false, missing: [{ file: "001.png", productId: gone?.id }] });
});

test("GET /v1/orders/{id}/archive: nobody's order, 404 as a problem", async () => {
  const response = await api.app.inject("/v1/orders/0192c0de-0000-7000-8000-000000000000/archive");

  expect(response.statusCode).toBe(404);
  expect(response.headers["content-type"]).toContain("application/problem+json");
});

const images = 1_000;
const imageBytes = 128 * 1_024;

/** 1,000 products, each a file of its own though all are of the same bytes. */
async function placeThousand(): Promise<Order> {
  const order = await place({ ...tenImages, quantity: images });
  const folder = join(api.blobFolder, "local", order.id, "0", "1");
  await mkdir(folder, { recursive: true });
  const first = join(folder, "first.png");
  await writeFile(first, randomBytes(imageBytes));
  const indexes = Array.from({ length: images }, (_, index) => index);
  for (const index of indexes) await link(first, join(folder, `${index}.png`));
  await api.pool.query(
    `INSERT INTO products (id, order_id, order_item_id, index, output_index, storage_key, content_type, bytes, sha256)
     SELECT id, $2, $3, index, index, $4 || index || '.png', 'image/png', $5, 'unknown'
     FROM unnest($1::uuid[], $6::int[]) AS product(id, index)`,
    [
      indexes.map((index) => productIdOf(itemIdOf(order.id, index), 1, 0)),
      ...[order.id, itemIdOf(order.id, 0), `local/${order.id}/0/1/`, imageBytes, indexes],
    ],
  );
  return order;
}

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

/** What this process holds outside the JavaScript heap: buffers of streams, mostly. */
function buffered(): number {
  collectGarbage();
  return process.memoryUsage().external;
}

test.runIf(process.platform === "linux")(
  "GET /v1/orders/{id}/archive: 1,000 images and a client that stops reading, little is read ahead and nothing stays open",
  async () => {
    const order = await placeThousand();
    const before = buffered();
    const response = await open(order.urls.archive);
    await new Promise((resolve) => response.once("readable", resolve));

    // Where the reading of the store comes to rest while nobody reads the answer.
    let seen: string[] = [];
    await eventually(
      async () => {
        const now = await openFiles();
        const isAtRest = now.length === 1 && now[0] === seen[0];
        seen = now;
        return isAtRest;
      },
      { intervalMs: 500 },
    );
    const index = Number(/(\d+)\.png$/.exec(seen[0] ?? "")?.[1]);
    // What the sockets of client and server hold is the kernel's: some MB of 128.
    expect(index).toBeLessThan(images / 5);
    expect(buffered() - before).toBeLessThan(16_000_000);

    response.destroy();
    await eventually(async () => (await openFiles()).length === 0);
  },
);

test("GET /v1/orders/{id}/archive: 1,000 images of 128 kB, all of them and memory stays flat", async () => {
  const order = await placeThousand();
  const before = buffered();
  const response = await open(order.urls.archive);
  let received = 0;
  let most = 0;
  const sampleEvery = (images * imageBytes) / 8;
  for await (const chunk of response) {
    const samples = Math.floor(received / sampleEvery);
    received += chunk.length;
    if (Math.floor(received / sampleEvery) > samples) most = Math.max(most, buffered() - before);
  }

  expect(received).toBeGreaterThan(images * imageBytes);
  // Chunks that are done with are freed some time later; a whole archive in memory would be all of it.
  expect(most).toBeLessThan((images * imageBytes) / 2);
});

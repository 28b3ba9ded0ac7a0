/** The API killed at the two places between which an order comes to be; its customer repeats under the same key. */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createPool } from "@tirage/database";
import { createTestDatabase, type ServiceProcess, startServiceProcess, startTestNats } from "@tirage/testkit";
import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tenImages } from "./start-order-api.ts";

const resources = new AsyncDisposableStack();
let variables: Record<string, string>;
let pool: pg.Pool;

beforeAll(async () => {
  const database = resources.use(await createTestDatabase());
  const nats = resources.use(await startTestNats());
  const blobs = resources.adopt(await mkdtemp(join(tmpdir(), "order-api-blobs-")), (folder) =>
    rm(folder, { recursive: true, force: true }),
  );
  const options = { databaseUrl: database.url, applicationName: "test", max: 2, onError: () => undefined };
  pool = resources.adopt(createPool(options), (opened) => opened.end());
  variables = {
    ...{ DATABASE_URL: database.url, NATS_URL: nats.url, BLOB_URL: pathToFileURL(blobs).href },
    ...{ HOST: "127.0.0.1", PROVIDERS: "fal,replicate" },
  };
});
afterAll(() => resources.disposeAsync());

const place = ({ url }: ServiceProcess, key: string) =>
  fetch(`${url}/v1/orders`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": `"${key}"` },
    body: JSON.stringify(tenImages),
    signal: AbortSignal.timeout(20_000),
  });

async function countRows() {
  const { rows } = await pool.query<{ orders: number; items: number }>(
    `SELECT (SELECT count(*)::int FROM orders) AS orders, (SELECT count(*)::int FROM order_items) AS items`,
  );
  return rows[0];
}

test.each([
  { circumstance: "fault 1: killed before the commit", failpoint: "before_insert", orders: 0 },
  { circumstance: "fault 2: killed after the commit and before the answer", failpoint: "after_insert", orders: 1 },
])(
  "POST /v1/orders: $circumstance, leaves $orders orders, and repeated twenty times makes one",
  async ({ failpoint, orders }) => {
    await pool.query("TRUNCATE orders CASCADE");
    const key = randomUUID();
    await using killed = await startServiceProcess("order-api", {
      ...variables,
      TIRAGE_FAILPOINTS: `${failpoint}=kill@1`,
    });
    await expect(place(killed, key)).rejects.toThrow();
    expect(await killed.end("SIGTERM")).toBe("SIGKILL");
    expect(await countRows()).toEqual({ orders, items: orders * 3 });

    await using api = await startServiceProcess("order-api", variables);
    const ids: string[] = [];
    for (let time = 0; time < 20; time += 1) {
      const response = await place(api, key);
      expect(response.status).toBe(201);
      ids.push(((await response.json()) as { id: string }).id);
    }

    expect(new Set(ids).size).toBe(1);
    expect(await countRows()).toEqual({ orders: 1, items: 3 });
  },
);

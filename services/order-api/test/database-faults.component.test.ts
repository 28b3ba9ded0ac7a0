/** A database that is there and refuses: read-only after a failover, or without a connection left. */
import { randomUUID } from "node:crypto";
import { eventually } from "@tirage/testkit";
import type pg from "pg";
import { expect, test } from "vitest";
import { startOrderApi, tenImages } from "./start-order-api.ts";

const terminateOthers =
  "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";

/** What every connection finds from now on; those that are open end, as a failover ends them. */
async function setReadOnly(pool: pg.Pool, isReadOnly: boolean): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("SET default_transaction_read_only = off");
    const { rows } = await client.query<{ name: string }>("SELECT quote_ident(current_database()) AS name");
    const change = isReadOnly ? "SET default_transaction_read_only = on" : "RESET default_transaction_read_only";
    await client.query(`ALTER DATABASE ${rows[0]?.name} ${change}`);
    await client.query(terminateOthers);
  } finally {
    client.release(true);
  }
}

test("fault 29: POST /v1/orders: the primary became read-only, 503 until another can be written to, and one order", async () => {
  await using api = await startOrderApi();
  const headers = { "idempotency-key": `"${randomUUID()}"` };
  await setReadOnly(api.pool, true);

  const refused = await eventually(async () => {
    const response = await api.post("/v1/orders", tenImages, headers);
    return response.statusCode === 503 && response;
  });
  expect(refused.headers["retry-after"]).toMatch(/^\d+$/);
  await setReadOnly(api.pool, false);

  await eventually(async () => (await api.post("/v1/orders", tenImages, headers)).statusCode === 201);
  expect(await eventually(() => api.countRows())).toMatchObject({ orders: 1, items: 3 });
});

/** A service whose connections can be taken away. */
async function startLimited(resources: AsyncDisposableStack) {
  const admin = resources.use(await startOrderApi());
  const role = `limited_${randomUUID().slice(0, 8)}`;
  await admin.pool.query(`
    CREATE ROLE ${role} LOGIN PASSWORD 'limited';
    GRANT ALL ON ALL TABLES IN SCHEMA public TO ${role}; GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO ${role}`);
  resources.defer(() => admin.pool.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`).then(() => undefined));
  const url = new URL(admin.config.DATABASE_URL);
  url.username = role;
  url.password = "limited";
  const api = resources.use(await startOrderApi({ DATABASE_URL: url.href }, { beside: admin }));
  return {
    ...{ admin, api },
    async takeConnections() {
      await admin.pool.query(`ALTER ROLE ${role} CONNECTION LIMIT 0`);
      await admin.pool.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1", [role]);
    },
    giveConnections: () => admin.pool.query(`ALTER ROLE ${role} CONNECTION LIMIT -1`),
  };
}

test("fault 31: POST /v1/orders: ten at once and no connection left, 503 and nothing written until there is one", async () => {
  await using resources = new AsyncDisposableStack();
  const { admin, api, takeConnections, giveConnections } = await startLimited(resources);
  await takeConnections();

  const responses = await Promise.all(Array.from({ length: 10 }, () => api.post("/v1/orders", tenImages)));

  for (const { statusCode, headers, body } of responses) {
    expect(statusCode, body).toBe(503);
    expect(Number(headers["retry-after"])).toBeGreaterThan(0);
  }
  expect(await admin.countRows()).toMatchObject({ orders: 0, items: 0 });
  await giveConnections();
  await eventually(async () => (await api.post("/v1/orders", tenImages)).statusCode === 201);
});

test("fault 31: POST /v1/orders: accepted, and no connection left while its end is waited for, 201 as it was placed", async () => {
  await using resources = new AsyncDisposableStack();
  const { admin, api, takeConnections } = await startLimited(resources);
  const posting = api.post("/v1/orders", tenImages, { prefer: "wait=20" });
  await eventually(async () => (await admin.countRows()).orders === 1);
  await takeConnections();

  const response = await posting;

  expect(response.statusCode, response.body).toBe(201);
  expect(response.json()).toMatchObject({ status: "pending" });
});

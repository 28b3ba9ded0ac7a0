import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { type createPool, migrate } from "@tirage/database";
import { eventually } from "@tirage/testkit";
import { expect, test } from "vitest";
import { openEmptyDatabase } from "./open-database.ts";

type Pool = ReturnType<typeof createPool>;

const command = fileURLToPath(new URL("../../packages/database/src/migrate-command.ts", import.meta.url));

function startMigrateCommand(databaseUrl: string) {
  return spawn(process.execPath, [command], {
    env: { ...process.env, DATABASE_URL: databaseUrl },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function finish(started: ReturnType<typeof startMigrateCommand>) {
  const [output, errors, [exitCode, signal]] = await Promise.all([
    text(started.stdout),
    text(started.stderr),
    once(started, "exit"),
  ]);
  return { output, errors, exitCode, signal };
}

test("migrate command: without DATABASE_URL, says so in one line and exits 78", async () => {
  const { output, errors, exitCode } = await finish(startMigrateCommand(""));

  expect({ output, exitCode }).toEqual({ output: "", exitCode: 78 });
  expect(errors).toMatch(/^DATABASE_URL is not set[^\n]*\n$/);
});

test("migrate command: for a database that does not exist, says so in one line and exits 1", async () => {
  await using database = await openEmptyDatabase();
  const { errors, exitCode } = await finish(startMigrateCommand(`${database.url}_gone`));

  expect(exitCode).toBe(1);
  expect(errors).toMatch(/^the database could not be migrated: database "[^"]+_gone" does not exist\n$/);
});

test("migrate command: while the server is not reachable yet, waits for it and migrates", async () => {
  await using database = await openEmptyDatabase();
  await using door = await openDoor(new URL(database.url));

  const finished = finish(startMigrateCommand(door.url));
  await eventually(() => door.refused() > 0);
  door.letThrough();

  expect(await finished).toMatchObject({
    output: expect.stringMatching(/^applied 20260105090000_base, /),
    exitCode: 0,
  });
});

test("migrate command: when killed within a migration, leaves nothing half done and the next one succeeds", async () => {
  await using database = await openEmptyDatabase();
  await migrate(database.url, { through: "20260105090000_base" });
  const reader = await database.pool.connect();
  try {
    // The batches migration changes order_items and products first, then waits for whoever reads orders.
    await reader.query("begin; lock table orders in access share mode");
    const started = startMigrateCommand(database.url);
    const finished = finish(started);
    await eventually(() => isMigrationWaiting(database.pool));
    started.kill("SIGKILL");
    expect(await finished).toMatchObject({ signal: "SIGKILL" });
  } finally {
    await reader.query("rollback");
    reader.release();
  }

  const { output, exitCode } = await finish(startMigrateCommand(database.url));
  expect({ output, exitCode }).toEqual({
    output: `applied ${[
      "20260602090000_batches",
      "20260901090000_provider_calls",
      "20260902090000_outbox",
      "20260903090000_idempotency_keys",
      "20260904090000_products_without_order_key",
      "20260905090000_order_requests",
      "20260906090000_call_recovery",
      "20260907090000_provider_pauses",
      "20260907100000_stream_positions",
      "20260908090000_deleted_orders",
      "20260912090000_products_without_item_key",
      "20260913090000_dead_letter_replays",
      "20260914090000_worker_drains",
    ].join(", ")}\n`,
    exitCode: 0,
  });
});

async function isMigrationWaiting(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query(
    `select from pg_stat_activity where datname = current_database() and application_name = 'tirage-migrate'
     and wait_event_type = 'Lock'`,
  );
  return rows.length > 0;
}

/** Stands before the database and closes every connection, until it is told to let them through. */
async function openDoor(url: URL) {
  let isOpen = false;
  let refused = 0;
  const server = createServer((client) => {
    client.on("error", () => client.destroy());
    if (!isOpen) {
      refused += 1;
      client.destroy();
      return;
    }
    const upstream = connect(Number(url.port), url.hostname);
    upstream.on("error", () => client.destroy());
    client.pipe(upstream).pipe(client);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const throughDoor = new URL(url);
  throughDoor.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: throughDoor.href,
    refused: () => refused,
    letThrough() {
      isOpen = true;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, "close");
    },
  };
}

import { connect } from "node:net";
import pg from "pg";
import { expect, test } from "vitest";
import { createTestDatabase, eventually, startTestNats } from "../src/index.ts";

test("createTestDatabase: two in the same run, each has the schema and sees nothing of the other", async () => {
  await using first = await createTestDatabase();
  await using second = await createTestDatabase();

  await ask(first.url, "CREATE TABLE only_here (id int)");

  expect(await tables(first.url)).toContain("only_here");
  expect(await tables(second.url)).not.toContain("only_here");
  expect(await tables(second.url)).toContain("orders");
});

test("createTestDatabase: asked for an empty one, it has no table", async () => {
  await using database = await createTestDatabase({ empty: true });

  expect(await tables(database.url)).toEqual([]);
});

test("createTestDatabase: disposed while a client is connected, the database is gone", async () => {
  const database = await createTestDatabase();
  const client = new pg.Client({ connectionString: database.url });
  client.on("error", () => {});
  await client.connect();

  await database[Symbol.asyncDispose]();

  await expect(ask(database.url, "SELECT 1")).rejects.toMatchObject({ code: "3D000" });
  await client.end().catch(() => {});
});

test("startTestNats: killed and restarted, it answers on the same address and keeps its streams", async () => {
  await using nats = await startTestNats();
  await createStream(nats.url);

  await nats.kill9();
  await expect(request(nats.url, "$JS.API.STREAM.NAMES")).rejects.toThrow();
  await nats.restart();

  expect(await request(nats.url, "$JS.API.STREAM.NAMES")).toContain('"KEPT"');
});

test("startTestNats: restarted with wipe, its streams are gone", async () => {
  await using nats = await startTestNats();
  await createStream(nats.url);

  await nats.restart({ wipe: true });

  expect(await request(nats.url, "$JS.API.STREAM.NAMES")).not.toContain('"KEPT"');
});

test("startTestNats: paused, nothing answers until it is resumed", async () => {
  await using nats = await startTestNats();

  await nats.pause();
  await expect(request(nats.url, "$JS.API.STREAM.NAMES")).rejects.toThrow("no answer");
  await nats.resume();

  await eventually(() => request(nats.url, "$JS.API.STREAM.NAMES"));
});

test("startTestNats: paused, it can still be restarted", async () => {
  await using nats = await startTestNats();
  await nats.pause();

  await nats.restart();

  expect(await request(nats.url, "$JS.API.STREAM.NAMES")).toContain("stream_names_response");
});

async function createStream(url: string): Promise<void> {
  const answer = await request(url, "$JS.API.STREAM.CREATE.KEPT", { name: "KEPT", subjects: ["kept.>"] });
  expect(answer).toContain('"KEPT"');
}

/** One request in the NATS protocol itself: only packages/messaging may import the client. */
function request(url: string, subject: string, body: object | string = ""): Promise<string> {
  const payload = typeof body === "string" ? body : JSON.stringify(body);
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let received = "";
    socket.setTimeout(1_500, () => socket.destroy(new Error("no answer")));
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("the connection was closed")));
    socket.write(
      `CONNECT {"verbose":false}\r\nSUB answer 1\r\nPUB ${subject} answer ${payload.length}\r\n${payload}\r\n`,
    );
    socket.on("data", (chunk) => {
      received += chunk.toString();
      const answer = /MSG answer 1 \d+\r\n(.*)\r\n/.exec(received)?.[1];
      if (answer === undefined) return;
      resolve(answer);
      socket.destroy();
    });
  });
}

async function ask(url: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

async function tables(url: string): Promise<string[]> {
  const { rows } = await ask(url, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'");
  return rows.map((row: { table_name: string }) => row.table_name);
}

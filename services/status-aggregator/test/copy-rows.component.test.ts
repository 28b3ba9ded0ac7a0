import { createPool } from "@tirage/database";
import { createTestDatabase } from "@tirage/testkit";
import { expect, it } from "vitest";
import { copyRows } from "../src/adapters/copy-rows.ts";

async function openTable() {
  const database = await createTestDatabase();
  const pool = createPool({
    databaseUrl: database.url,
    applicationName: "copy-rows-test",
    max: 1,
    onError: () => undefined,
  });
  const client = await pool.connect();
  await client.query("CREATE TEMPORARY TABLE samples (id int PRIMARY KEY, value text)");
  return {
    client,
    async [Symbol.asyncDispose]() {
      client.release();
      await pool.end();
      await database[Symbol.asyncDispose]();
    },
  };
}

it("copyRows: text that looks like the format itself arrives as it was given", async () => {
  await using table = await openTable();
  const values = ["", "\\N", "\\.", "a\tb", "a\nb\r\nc", "back\\slash", "\\t", "Zürich 🌊", "{1,2}", null];

  await copyRows(
    table.client,
    "samples (id, value)",
    values.map((value, id) => [id, value]),
  );

  const { rows } = await table.client.query("SELECT value FROM samples ORDER BY id");
  expect(rows.map(({ value }) => value)).toEqual(values);
});

it("copyRows: rows of which one is there already are refused together, and the connection goes on", async () => {
  await using table = await openTable();
  await copyRows(table.client, "samples (id, value)", [[2, "first"]]);

  const second = copyRows(table.client, "samples (id, value)", [
    [1, "new"],
    [2, "again"],
  ]);

  await expect(second).rejects.toMatchObject({ code: "23505" });
  const { rows } = await table.client.query("SELECT id, value FROM samples");
  expect(rows).toEqual([{ id: 2, value: "first" }]);
});

it("copyRows: more rows than fit into the socket's buffers all arrive", async () => {
  await using table = await openTable();
  const long = "x".repeat(1_000);

  await copyRows(
    table.client,
    "samples (id, value)",
    Array.from({ length: 20_000 }, (_, id) => [id, long]),
  );

  const { rows } = await table.client.query("SELECT count(*)::int, sum(length(value))::int AS length FROM samples");
  expect(rows).toEqual([{ count: 20_000, length: 20_000_000 }]);
});

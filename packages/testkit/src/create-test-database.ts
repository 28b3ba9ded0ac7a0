import { randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";

export interface TestDatabase extends AsyncDisposable {
  /** Superuser access to this database. */
  url: string;
}

const cloneTries = 20;

/**
 * A database of the test's own, migrated and empty, dropped on disposal with whatever is still connected to it.
 * `empty` gives one without any table.
 */
export async function createTestDatabase({ empty = false }: { empty?: boolean } = {}): Promise<TestDatabase> {
  const { postgresUrl, templateDatabase } = inject("testInfrastructure");
  const name = `test_${randomBytes(8).toString("hex")}`;
  await withAdministrator(postgresUrl, (client) => clone(client, name, empty ? "template0" : templateDatabase));
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    [Symbol.asyncDispose]: () =>
      withAdministrator(postgresUrl, async (client) => {
        await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      }),
  };
}

/** A template can be cloned only while nobody is connected to it; a connection that just closed may linger. */
async function clone(client: pg.Client, name: string, template: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
      return;
    } catch (error) {
      const isInUse = (error as { code?: string }).code === "55006";
      if (!isInUse || attempt === cloneTries) throw error;
      await client.query("SELECT pg_sleep(0.05)");
    }
  }
}

async function withAdministrator(url: string, use: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}

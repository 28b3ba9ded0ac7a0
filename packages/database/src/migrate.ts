import pg from "pg";
import { type Migrations, readMigrations, readSchema } from "./read-migrations.ts";

/** The lock that Prisma's own command line takes too, so that the two never migrate at once. */
const migrationLock = 72707369;
/** How long to wait for another process that is migrating, or for a table that is in use. */
const lockTimeoutMs = 60_000;
const connectionTimeoutMs = 5_000;
const minimumServerVersion = 150_000;

/**
 * Brings the database to the current schema and says which migrations that took, none when it was there already.
 *
 * All of them are applied in one transaction: after a crash or an error nothing is applied, and migrating again is enough.
 * Several processes may migrate at once: one does, the others wait for it. `_prisma_migrations` is kept as Prisma's
 * command line keeps it. `through` stops after that migration, to try an upgrade from an older database.
 */
export async function migrate(
  databaseUrl: string,
  { through }: { through?: string } = {},
): Promise<{ applied: string[] }> {
  const migrationsList = await readMigrations({ through });
  const schema = await readSchema();
  // Prisma and its engine weigh some 30 MB, and only who migrates should carry them.
  const { createSchemaEngine } = await import("./schema-engine.ts");
  const pool = createTransactionPool(databaseUrl);
  let scriptError: Error | undefined;
  try {
    await pool.query("select 1"); // whatever is wrong with the connection, pg says it better than the engine
    using engine = await createSchemaEngine(pool, schema, async (script) => {
      await pool.query(script).catch((error: Error) => {
        scriptError = new Error(`migration ${findName(migrationsList, script)}: ${error.message}`, { cause: error });
        throw scriptError;
      });
    });
    const { appliedMigrationNames } = await engine.applyMigrations({
      migrationsList,
      filters: { externalTables: [], externalEnums: [] },
    });
    await pool.query("commit");
    return { applied: appliedMigrationNames };
  } catch (error) {
    throw scriptError ?? error; // the engine's own account of it is a number
  } finally {
    await pool.end();
  }
}

function findName({ migrationDirectories }: Migrations, script: string): string | undefined {
  return migrationDirectories.find(({ migrationFile }) => migrationFile.content.value === script)?.path;
}

/** A pool of the one connection that holds the transaction; a second, which would write outside it, is refused. */
function createTransactionPool(databaseUrl: string): pg.Pool {
  let opened = false;
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    application_name: "tirage-migrate",
    max: 1,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: connectionTimeoutMs,
    keepAlive: true,
    verify(client, done) {
      if (opened) return done(new Error("Connection terminated while migrating"));
      opened = true;
      beginMigrating(client).then(() => done(), done);
    },
  });
  pool.on("error", () => {}); // the next query says so
  return pool;
}

async function beginMigrating(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ version: string }>("select current_setting('server_version_num') as version");
  const version = Number(rows[0]?.version);
  if (version < minimumServerVersion) {
    throw new Error(`Postgres ${Math.floor(version / 10_000)} is too old, Tirage needs 15 or newer`);
  }
  await client.query(
    `begin; set local lock_timeout = ${lockTimeoutMs}; select pg_advisory_xact_lock(${migrationLock})`,
  );
}

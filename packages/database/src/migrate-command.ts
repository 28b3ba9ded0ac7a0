// node packages/database/src/migrate-command.ts: migrates the database at DATABASE_URL, which may still be starting.
import { setTimeout as delay } from "node:timers/promises";
import { isTransientDatabaseError } from "./is-transient-database-error.ts";
import { migrate } from "./migrate.ts";

const patienceMs = 30_000;
const pauseMs = 500;
/** As services exit on a wrong configuration (EX_CONFIG of sysexits.h). */
const configurationExitCode = 78;

async function migrateWhenReachable(databaseUrl: string) {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      return await migrate(databaseUrl);
    } catch (error) {
      if (!isTransientDatabaseError(error) || performance.now() + pauseMs > deadline) throw error;
      await delay(pauseMs);
    }
  }
}

/** The first line that says something; an AggregateError (one per address tried) has no message of its own. */
function readReason(error: unknown): string {
  if (error instanceof AggregateError && error.message === "") return readReason(error.errors[0]);
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\s+/g, " ").trim();
}

const databaseUrl = process.env.DATABASE_URL;
if (!databaseUrl) {
  process.stderr.write(
    "DATABASE_URL is not set: it names the database to migrate, as postgres://user@host:5432/tirage\n",
  );
  process.exitCode = configurationExitCode;
} else {
  try {
    const { applied } = await migrateWhenReachable(databaseUrl);
    process.stdout.write(applied.length > 0 ? `applied ${applied.join(", ")}\n` : "the database is up to date\n");
  } catch (error) {
    process.stderr.write(`the database could not be migrated: ${readReason(error)}\n`);
    process.exitCode = 1;
  }
}

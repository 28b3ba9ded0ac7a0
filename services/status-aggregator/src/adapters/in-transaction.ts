import { isDatabaseAtFault } from "@tirage/database";
import { RetryLaterError } from "@tirage/messaging";
import { failpoint } from "@tirage/service-kit/failpoint";
import type pg from "pg";

/** How long what is to be written waits for a database that is away before it is tried again. */
const databaseDelayMs = 500;

/**
 * Runs the work in one transaction.
 * @throws RetryLaterError when the database is away, else what the work throws; nothing is written then, unless the
 * connection broke while committing.
 */
export async function inTransaction<Result>(
  pool: pg.Pool,
  work: (client: pg.ClientBase) => Promise<Result>,
): Promise<Result> {
  try {
    return await runTransaction(pool, work);
  } catch (error) {
    if (!isDatabaseAtFault(error)) throw error;
    throw new RetryLaterError("database_unavailable", String(error), { delayMs: databaseDelayMs, cause: error });
  }
}

async function runTransaction<Result>(
  pool: pg.Pool,
  work: (client: pg.ClientBase) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let isBroken = false;
  try {
    await client.query("BEGIN");
    const result = await work(client);
    await failpoint("before_commit");
    await client.query("COMMIT");
    await failpoint("after_commit");
    return result;
  } catch (error) {
    // A connection on which not even this is answered is in an unknown state, and closing it rolls back too.
    await client.query("ROLLBACK").catch(() => {
      isBroken = true;
    });
    throw error;
  } finally {
    client.release(isBroken);
  }
}

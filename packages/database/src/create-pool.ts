import pg from "pg";
import { createTypeParsers } from "./type-parsers.ts";

/** What a pool of connections to Postgres needs to know. */
export interface PoolOptions {
  /** postgres:// URL; what it says in its query (such as `options`) wins over the settings here. */
  databaseUrl: string;
  /** Seen in pg_stat_activity. */
  applicationName: string;
  /** Connections at most. The sum over all replicas must stay below the server's max_connections. */
  max: number;
  /** Told of every connection that broke outside a query. The pool replaces it by itself. */
  onError: (error: Error) => void;
  /** A statement that runs longer is cancelled by the server. */
  statementTimeoutMs?: number;
  /** Session settings of every connection, such as `{ enable_seqscan: "off" }`, sent at connect. */
  sessionSettings?: Record<string, string>;
}

const connectionTimeoutMs = 2_000;
const defaultStatementTimeoutMs = 10_000;
/** A server that is gone cannot cancel: the client gives up this much after the server should have. */
const answerGraceMs = 1_000;
const idleInTransactionTimeoutMs = 30_000;

/**
 * Pool of connections whose every wait has an end, and which a restart of the server cannot take the process down with.
 *
 * int8 comes as a number (a query whose result is beyond 2^53 fails), timestamptz as Date, json and jsonb parsed.
 * Connects at the first query. End it with `pool.end()`.
 */
export function createPool(options: PoolOptions): pg.Pool {
  const statementTimeoutMs = options.statementTimeoutMs ?? defaultStatementTimeoutMs;
  const pool = new pg.Pool({
    connectionString: options.databaseUrl,
    application_name: options.applicationName,
    max: options.max,
    connectionTimeoutMillis: connectionTimeoutMs,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + answerGraceMs,
    idle_in_transaction_session_timeout: idleInTransactionTimeoutMs,
    keepAlive: true,
    types: createTypeParsers(),
    ...(options.sessionSettings && { options: formatSessionSettings(options.sessionSettings) }),
  });
  // A checked-out client between two queries reports a broken connection on itself, not on the pool,
  // and an 'error' event nobody listens to ends the process.
  pool.on("connect", (client) => client.on("error", options.onError));
  pool.on("error", () => {}); // the same error of an idle client again
  return pool;
}

/** As the `options` startup parameter: spaces and backslashes in it are escaped by a backslash. */
function formatSessionSettings(settings: Record<string, string>): string {
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value.replace(/[\\ ]/g, "\\$&")}`)
    .join(" ");
}

/** SQLSTATE classes and codes (https://www.postgresql.org/docs/current/errcodes-appendix.html) that pass by themselves. */
const transientSqlStates = [
  /^08/, // connection exceptions
  /^25006$/, // read-only: a standby, or a primary that was just demoted
  /^25P03$/, // idle in transaction for too long: this process was frozen
  /^53/, // no connection, memory or disk left
  /^40001$/, // serialization failure
  /^40P01$/, // deadlock, we were the victim
  /^55P03$/, // lock timeout
  /^57014$/, // statement timeout
  /^57P0[1-3]$/, // shutting down, crashed, starting up
  /^58/, // the server's disk or operating system
];

/** What the network says, by Node's error code. A name may be unknown while its container restarts. */
const transientNetworkCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
]);

/** Prisma's own codes: unreachable, timed out, connection closed, pool exhausted, write conflict, too many connections. */
const transientPrismaCodes = new Set(["P1001", "P1002", "P1008", "P1017", "P2024", "P2034", "P2037"]);

/** Errors that pg raises itself and gives no code. */
const transientMessages = [
  "Connection terminated",
  "timeout exceeded when trying to connect",
  "Query read timeout",
  "Client has encountered a connection error and is not queryable",
];

/**
 * Whether doing the same again later may succeed, since the error is about the connection, the server or a conflict.
 *
 * The failed statement may have been committed all the same (a connection can break after the commit):
 * repeat only what is safe to repeat. Looks through `cause` and the errors of an AggregateError.
 */
export function isTransientDatabaseError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (hasTransientCode(error) || transientMessages.some((message) => error.message.startsWith(message))) return true;
  if (error instanceof AggregateError && error.errors.some(isTransientDatabaseError)) return true;
  return error.cause !== error && isTransientDatabaseError(error.cause);
}

function hasTransientCode(error: Error): boolean {
  if (!("code" in error) || typeof error.code !== "string") return false;
  const { code } = error;
  if (transientNetworkCodes.has(code) || transientPrismaCodes.has(code)) return true;
  return code.length === 5 && transientSqlStates.some((state) => state.test(code));
}

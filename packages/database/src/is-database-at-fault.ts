import { isTransientDatabaseError } from "./is-transient-database-error.ts";

/** SQLSTATEs that a person mends, for every statement alike. */
const mendedSqlStates = [
  /^28/, // role or password refused
  /^3D000$/, // no such database
  /^42501$/, // a right is missing
  /^42P01$/, // no such table: not migrated yet
  /^42703$/, // no such column: not migrated yet
];

/**
 * Whether the database must change before this can succeed: by itself, or by a person. Work in hand waits for both, since
 * giving it up would lose what is paid for; only errors about the data itself say that a message can never be handled.
 */
export function isDatabaseAtFault(error: unknown): boolean {
  if (isTransientDatabaseError(error)) return true;
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return false;
  const { code } = error;
  return code.length === 5 && mendedSqlStates.some((state) => state.test(code));
}

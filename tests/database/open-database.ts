import { createPool } from "@tirage/database";
import { createTestDatabase } from "@tirage/testkit";

/** An empty database of the test's own, with a pool whose connection errors are collected. Disposing closes and drops it. */
export async function openEmptyDatabase() {
  const resources = new AsyncDisposableStack();
  const { url } = resources.use(await createTestDatabase({ empty: true }));
  const errors: Error[] = [];
  const pool = createPool({
    databaseUrl: url,
    applicationName: "tirage-test",
    max: 2,
    onError: (error) => errors.push(error),
  });
  resources.defer(() => pool.end());
  return { url, pool, errors, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

import { createPool, isTransientDatabaseError } from "@tirage/database";
import { eventually } from "@tirage/testkit";
import { expect, test } from "vitest";
import { openEmptyDatabase } from "./open-database.ts";

const terminateOthers =
  "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";

test("createPool: with session settings, every connection has them", async () => {
  await using database = await openEmptyDatabase();
  const pool = createPool({
    databaseUrl: database.url,
    applicationName: "tirage-settings",
    max: 1,
    onError: (error) => database.errors.push(error),
    sessionSettings: { enable_seqscan: "off", search_path: "a, public" },
  });

  try {
    const { rows } = await pool.query(
      "select current_setting('enable_seqscan') as seqscan, current_setting('search_path') as path, current_setting('application_name') as name",
    );
    expect(rows).toEqual([{ seqscan: "off", path: "a, public", name: "tirage-settings" }]);
  } finally {
    await pool.end();
  }
});

test("createPool: for int8, gives a number, or an error where a number would be wrong", async () => {
  await using database = await openEmptyDatabase();

  const { rows } = await database.pool.query("select 4294967295::int8 as seed, count(*) as count, now() as at");

  expect(rows).toEqual([{ seed: 4294967295, count: 1, at: expect.any(Date) }]);
  await expect(database.pool.query("select 9007199254740993::int8")).rejects.toThrow(RangeError);
  await expect(database.pool.query("select 1 as one")).resolves.toMatchObject({ rows: [{ one: 1 }] });
});

test("createPool: when the server closes idle connections, tells onError and works on", async () => {
  await using database = await openEmptyDatabase();
  await Promise.all([database.pool.query("select pg_sleep(0.05)"), database.pool.query("select pg_sleep(0.05)")]);

  await database.pool.query(terminateOthers);

  await eventually(() => database.errors.length > 0);
  expect(database.errors.map(isTransientDatabaseError)).toEqual([true]);
  await expect(database.pool.query("select 1 as one")).resolves.toMatchObject({ rows: [{ one: 1 }] });
});

test("fault 28: createPool: when the server closes a connection within a transaction, the process survives and the next query fails", async () => {
  await using database = await openEmptyDatabase();
  const client = await database.pool.connect();
  try {
    await client.query("begin");

    await database.pool.query(terminateOthers);

    await eventually(() => database.errors.length > 0);
    const error = await client.query("select 1").catch((reason: unknown) => reason);
    expect(isTransientDatabaseError(error)).toBe(true);
  } finally {
    client.release(true);
  }
  await expect(database.pool.query("select 1 as one")).resolves.toMatchObject({ rows: [{ one: 1 }] });
});

test("createPool: for a statement longer than its timeout, ends it with a transient error", async () => {
  await using database = await openEmptyDatabase();
  const pool = createPool({
    databaseUrl: database.url,
    applicationName: "tirage-test",
    max: 1,
    onError: (error) => database.errors.push(error),
    statementTimeoutMs: 50,
  });

  try {
    const error = await pool.query("select pg_sleep(20)").catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "57014" });
    expect(isTransientDatabaseError(error)).toBe(true);
  } finally {
    await pool.end();
  }
});

test("fault 33: createPool: two transactions that wait for each other, one is ended with a transient error and the other commits", async () => {
  await using database = await openEmptyDatabase();
  await database.pool.query(
    "create table seat (id int primary key, taken int not null); insert into seat values (1, 0), (2, 0)",
  );
  const take = "update seat set taken = taken + 1 where id = $1";
  const takeBoth = async (first: number, second: number, between: () => Promise<unknown>) => {
    const client = await database.pool.connect();
    try {
      await client.query("begin");
      await client.query(take, [first]);
      await between();
      await client.query(take, [second]);
      await client.query("commit");
    } finally {
      client.release(true);
    }
  };
  const bothHaveOne = Promise.withResolvers<void>();
  let waiting = 0;
  const meet = () => {
    waiting += 1;
    if (waiting === 2) bothHaveOne.resolve();
    return bothHaveOne.promise;
  };

  const outcomes = await Promise.allSettled([takeBoth(1, 2, meet), takeBoth(2, 1, meet)]);

  const failures = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
  expect(failures).toMatchObject([{ code: "40P01" }]);
  expect(failures.map(isTransientDatabaseError)).toEqual([true]);
  await expect(database.pool.query("select sum(taken) as taken from seat")).resolves.toMatchObject({
    rows: [{ taken: 2 }],
  });
});

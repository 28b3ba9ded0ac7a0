/** The same random commands to the ledger in Postgres and to its model: both answer the same and leave the same row. */
import { randomUUID } from "node:crypto";
import { createPool } from "@tirage/database";
import { silentLogger } from "@tirage/messaging/testing";
import { createTestDatabase } from "@tirage/testkit";
import fc from "fast-check";
import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { renewStatement, stopStatement } from "../src/adapters/ledger-statements.ts";
import { createPostgresLedger, ledgerSessionSettings } from "../src/adapters/postgres-ledger.ts";
import type { CallKey, Claim, Ledger } from "../src/ports.ts";
import { type LedgerModel, type LedgerRow, ledgerModel } from "./ledger-model.ts";

/** Far apart, and no sum of pauses comes near them: what a command takes decides nothing. */
const leaseMs = 60_000;
const pausesMs = [25_000, 70_000];
const bounds = { graceMs: 110_000, resubmitsMax: 1 };
const toleranceMs = 9_000;
const longestMs = 6_000;

const resources = new AsyncDisposableStack();
let pool: pg.Pool;
let ledger: Ledger;

beforeAll(async () => {
  const databaseUrl = resources.use(await createTestDatabase()).url;
  const options = { databaseUrl, applicationName: "ledger-model", onError: () => undefined };
  pool = resources.adopt(createPool({ ...options, max: 2, sessionSettings: ledgerSessionSettings }), (opened) =>
    opened.end(),
  );
  ledger = resources.use(createPostgresLedger({ pool, logger: silentLogger, leaseMs }));
});
afterAll(() => resources.disposeAsync());

/** One call and everybody who ever claimed it, in the model and in Postgres. */
interface Modelled {
  readonly rules: LedgerModel;
  nowMs: number;
  row: LedgerRow | undefined;
}
interface Real {
  readonly key: CallKey;
  readonly claims: Claim[];
}

interface RealRow {
  state: LedgerRow["state"];
  nonce: string;
  submits: number;
  leaseToken: string | null;
  leaseLeftMs: number | null;
  submitToken: string | null;
  submitAgeMs: number | null;
  requestId: string | null;
  recovery: string | null;
  result: unknown;
}

const readRow = `
select state, nonce, submits, lease_token as "leaseToken", submit_token as "submitToken", request_id as "requestId", result, recovery,
  extract(epoch from lease_until - now())::float8 * 1000 as "leaseLeftMs",
  extract(epoch from now() - submit_started_at)::float8 * 1000 as "submitAgeMs"
 from provider_calls where item_id = $1 and attempt = $2`;

const about = (ms: number | undefined) => (ms === undefined ? null : expect.closeTo(ms, -Math.log10(2 * toleranceMs)));

async function expectSameRow({ row, nowMs }: Modelled, { key }: Real): Promise<void> {
  const { rows } = await pool.query<RealRow>(readRow, [key.itemId, key.attempt]);
  if (!row) return expect(rows).toEqual([]);
  const { state, nonce, submits, leaseToken = null, submitToken = null, requestId = null, result = null } = row;
  const { recovery = null } = row;
  expect(rows).toEqual([
    {
      ...{ state, nonce, submits, leaseToken, submitToken, requestId, result, recovery },
      leaseLeftMs: about(row.leaseUntilMs === undefined ? undefined : row.leaseUntilMs - nowMs),
      submitAgeMs: about(row.submitStartedAtMs === undefined ? undefined : nowMs - row.submitStartedAtMs),
    },
  ]);
}

type Run = (modelled: Modelled, real: Real) => Promise<void>;

/** A command that a claim's holder, or one who believes to be, gives. */
type HolderRun = (modelled: Modelled & { row: LedgerRow }, real: Real, claim: Claim) => Promise<void>;

const command = (name: string, run: Run): fc.AsyncCommand<Modelled, Real> => ({
  check: () => true,
  async run(modelled, real) {
    await run(modelled, real);
    await expectSameRow(modelled, real);
  },
  toString: () => name,
});

/** `holder` picks among all who ever claimed, the latest first. */
const byHolder = (name: string, holder: number, run: HolderRun) =>
  command(`${name} by ${holder}`, async (modelled, real) => {
    const claim = real.claims.at(-1 - (holder % Math.max(1, real.claims.length)));
    const { row } = modelled;
    if (claim && row) await run(Object.assign(modelled, { row }), real, claim);
  });

const claim = command("claim", async (modelled, real) => {
  const claimed = await ledger.claim(real.key, "fal");
  const { verdict, token } = claimed;
  const nonce = verdict.kind === "submit" ? verdict.nonce : "of the row";
  const changed = modelled.rules.claim(modelled.row, { token, nonce, nowMs: modelled.nowMs, leaseMs });
  modelled.row = changed.row;
  const expected = changed.answer as { submitAgeMs?: number; leaseLeftMs?: number };
  const { submitAgeMs, leaseLeftMs } = expected;
  expect(verdict).toEqual({
    ...expected,
    ...(submitAgeMs !== undefined && { submitAgeMs: about(submitAgeMs) }),
    ...(leaseLeftMs !== undefined && { leaseLeftMs: about(leaseLeftMs) }),
  });
  real.claims.push(claimed);
});

const pass = (pauseMs: number) =>
  command(`${pauseMs} ms pass`, async (modelled, { key }) => {
    await pool.query(
      `update provider_calls set lease_until = lease_until - $3 * interval '1 ms',
         submit_started_at = submit_started_at - $3 * interval '1 ms' where item_id = $1 and attempt = $2`,
      [key.itemId, key.attempt, pauseMs],
    );
    modelled.nowMs += pauseMs;
  });

const renew = (holder: number) =>
  byHolder("renew", holder, async (modelled, { key }, { token }) => {
    const values = [[key.itemId], [key.attempt], [token], leaseMs];
    const { rowCount } = await pool.query({ ...renewStatement, values });
    const changed = modelled.rules.renew(modelled.row, { token, nowMs: modelled.nowMs, leaseMs });
    modelled.row = changed.row;
    expect(rowCount === 1).toBe(changed.answer);
  });

const record = (holder: number, requestId: string, operation: "checkpoint" | "adopt") =>
  byHolder(`${operation} ${requestId}`, holder, async (modelled, { key }, held) => {
    const isAdoption = operation === "adopt";
    const answer = await (isAdoption
      ? ledger.adopt(key, held, requestId, "listing")
      : ledger.checkpoint(key, held, requestId));
    const how = isAdoption
      ? ({ fencedBy: "leaseToken", recovery: "listing" } as const)
      : ({ fencedBy: "submitToken" } as const);
    const changed = modelled.rules.recordRequest(modelled.row, { token: held.token, requestId, ...how });
    modelled.row = changed.row;
    expect(answer).toEqual(changed.answer);
  });

const resubmit = (holder: number) =>
  byHolder("resubmit", holder, async (modelled, { key }, held) => {
    const given = await ledger.resubmit(key, held, bounds);
    const asked = { token: held.token, nowMs: modelled.nowMs, leaseMs, ...bounds };
    const changed = modelled.rules.resubmit(modelled.row, asked);
    modelled.row = changed.row;
    expect(given?.verdict).toEqual(
      changed.answer === undefined ? undefined : { kind: "submit", nonce: changed.answer },
    );
  });

const letGo = (holder: number, operation: "reopen" | "release") =>
  byHolder(operation, holder, async (modelled, { key }, held) => {
    await ledger[operation](key, held);
    modelled.row = modelled.rules[operation](modelled.row, held.token);
  });

const finish = (requestId: string | undefined, result: string) =>
  command(`finish ${requestId} with ${result}`, async (modelled, { key }) => {
    if (!modelled.row) return;
    const answer = await ledger.finish(key, requestId, { result });
    const changed = modelled.rules.finish(modelled.row, { requestId, result: { result } });
    modelled.row = changed.row;
    expect(answer).toEqual(changed.answer);
  });

const stop = (result: string) =>
  command(`stop with ${result}`, async (modelled, { key }) => {
    const nonce = randomUUID();
    const values = [[key.itemId], [key.attempt], ["fal"], [nonce], [JSON.stringify({ result })]];
    const { rows } = await pool.query<{ result: unknown }>({ ...stopStatement, values });
    const changed = modelled.rules.stop(modelled.row, { nonce, result: { result } });
    modelled.row = changed.row;
    expect(rows.map((row) => row.result)).toEqual(changed.answer === undefined ? [] : [changed.answer]);
  });

const abandon = (result: string) =>
  command(`abandon with ${result}`, async (modelled, { key }) => {
    const answer = await ledger.abandon(key, "fal", { result });
    const { rows } = await pool.query("select nonce from provider_calls where item_id = $1", [key.itemId]);
    const asked = { nonce: rows[0].nonce, result: { result }, nowMs: modelled.nowMs };
    const changed = modelled.rules.abandon(modelled.row, asked);
    modelled.row = changed.row;
    const { leaseLeftMs } = changed.answer as { leaseLeftMs?: number };
    expect(answer).toEqual({
      ...changed.answer,
      ...(leaseLeftMs !== undefined && { leaseLeftMs: about(leaseLeftMs) }),
    });
  });

const holder = fc.nat({ max: 3 });
const requestId = fc.constantFrom("request-1", "request-2");
const result = fc.constantFrom("one", "another");
const often = <Value>(times: number, value: fc.Arbitrary<Value>) => Array<fc.Arbitrary<Value>>(times).fill(value);

const commands = fc.commands(
  [
    ...often(4, fc.constant(claim)),
    ...often(2, fc.constantFrom(...pausesMs).map(pass)),
    holder.map(renew),
    fc.tuple(holder, requestId, fc.constantFrom("checkpoint", "adopt")).map((args) => record(...args)),
    ...often(2, holder.map(resubmit)),
    ...often(
      2,
      fc.tuple(holder, fc.constantFrom("reopen", "release")).map((args) => letGo(...args)),
    ),
    fc.tuple(fc.option(requestId, { nil: undefined }), result).map((args) => finish(...args)),
    result.map(stop),
    result.map(abandon),
  ],
  { maxCommands: 40, size: "max" },
);

/** A failure tells seed and path; with both, `fc.check` runs it again. */
const compareWith = (rules: LedgerModel) =>
  fc.check(
    fc.asyncProperty(commands, async (chosen) => {
      const setup = () => ({
        model: { rules, nowMs: 0, row: undefined },
        real: { key: { itemId: randomUUID(), attempt: 1 }, claims: [] },
      });
      await fc.asyncModelRun(setup, chosen);
    }),
    { numRuns: 150, interruptAfterTimeLimit: longestMs },
  );

test("ledger model: any commands by anyone, answers and leaves what Postgres answers and leaves", async () => {
  const details = await compareWith(ledgerModel);

  expect(details.failed, await fc.asyncDefaultReportMessage(details)).toBe(false);
  expect(details.numRuns).toBeGreaterThan(10);
}, 60_000);

test("ledger model: with a rule that Postgres does not have, is found out", async () => {
  const careless: LedgerModel = {
    ...ledgerModel,
    reopen: (row, token) => (row.leaseToken === token ? { ...row, state: "open", leaseUntilMs: undefined } : row),
  };

  expect((await compareWith(careless)).failed).toBe(true);
}, 60_000);

/**
 * The ledger under workers that vanish, pause and come back, on a real Postgres. The judges are the database, by a
 * trigger that refuses what must never happen, and a provider that counts what it sold.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { createPool } from "@tirage/database";
import { silentLogger } from "@tirage/messaging/testing";
import { createTestDatabase } from "@tirage/testkit";
import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createPostgresLedger, ledgerSessionSettings } from "../src/adapters/postgres-ledger.ts";
import type { CallKey, Claim, Ledger } from "../src/ports.ts";

const leaseMs = 200;
const graceMs = 1_500;
/** Of a submit: the guard in front of it leaves that much of the lease. */
const submitTimeoutMs = 60;
const clients = 40;
const items = 400;
const resubmitsMax = 1;
/** Workers stop at each of their steps this often. */
const vanishing = 0.08;
const pausing = 0.08;
const longestMs = 45_000;

const resources = new AsyncDisposableStack();
let databaseUrl: string;
let pool: pg.Pool;

/** Refuses, in the database, what must never happen. */
const invariants = `
create function refuse_overpayment() returns trigger language plpgsql as $$
declare is_granted boolean := new.submit_token is distinct from old.submit_token or new.submits <> old.submits;
begin
  if old.state = 'finished' then raise 'TRIGGER: a finish was undone'; end if;
  if new.lease_token is distinct from old.lease_token and old.lease_until > now() then
    raise 'TRIGGER: a living lease changed hands'; end if;
  if old.request_id is not null and new.request_id is distinct from old.request_id then
    raise 'TRIGGER: a request id changed'; end if;
  if is_granted and new.submits <> old.submits + 1 then raise 'TRIGGER: a submit was not counted'; end if;
  if is_granted and old.state not in ('open', 'submitting') then
    raise 'TRIGGER: a submit right was given for a known request'; end if;
  if is_granted and old.state = 'submitting' and (old.submit_started_at >= now() - interval '${graceMs} ms'
      or old.submits > ${resubmitsMax} or old.lease_until <= now() or new.submit_token <> old.lease_token) then
    raise 'TRIGGER: a submit right was given twice'; end if;
  if old.state = 'submitted' and new.state in ('open', 'submitting') then raise 'TRIGGER: a submit was forgotten'; end if;
  return new;
end $$;
create trigger refuse_overpayment before update on provider_calls for each row
  when (old is distinct from new) execute function refuse_overpayment();`;

beforeAll(async () => {
  databaseUrl = resources.use(await createTestDatabase()).url;
  pool = resources.adopt(openPool(2), (opened) => opened.end());
  await pool.query(invariants);
});
afterAll(() => resources.disposeAsync());

function openPool(max: number): pg.Pool {
  const options = { databaseUrl, applicationName: "ledger-chaos", onError: () => undefined };
  return createPool({ ...options, max, sessionSettings: ledgerSessionSettings });
}

/** What the provider sold. */
interface Shop {
  /** Request ids by item. */
  readonly charges: Map<string, string[]>;
}

interface Tally {
  readonly counts: Map<string, number>;
  readonly errors: string[];
}

interface Chaos {
  readonly ledger: Ledger;
  readonly shop: Shop;
  readonly tally: Tally;
  readonly mayResubmit: boolean;
  /** Of submits, whose requests the provider calls back at all. */
  readonly callsBack: number;
  /** Pauses longer than the lease also between the guard and the submit, which no guard can see. */
  readonly zombies: boolean;
}

class Vanished extends Error {}

const count = ({ counts }: Tally, what: string) => counts.set(what, (counts.get(what) ?? 0) + 1);

/** A step at which a worker may be killed, or stand still for longer than its lease. */
async function step({ tally }: Chaos): Promise<void> {
  if (Math.random() < vanishing) {
    count(tally, "vanished");
    throw new Vanished();
  }
  if (Math.random() < pausing) {
    count(tally, "paused");
    await delay(leaseMs * (1 + Math.random()));
  }
}

/** Charges, and calls back a little later, as a provider does, whatever became of the worker. */
async function buy(chaos: Chaos, key: CallKey, nonce: string): Promise<string> {
  const { shop, callsBack } = chaos;
  const requestId = randomUUID();
  shop.charges.set(key.itemId, [...(shop.charges.get(key.itemId) ?? []), requestId]);
  if (Math.random() < callsBack) {
    setTimeout(() => void callBack(nonce, requestId), 100 * Math.random());
  }
  await delay(5 * Math.random());
  return requestId;
}

const callBack = (nonce: string, requestId: string) =>
  pool
    .query(
      "insert into provider_callbacks (nonce, provider, request_id) values ($1, 'fal', $2) on conflict do nothing",
      [nonce, requestId],
    )
    .catch(() => undefined);

async function submit(chaos: Chaos, key: CallKey, claim: Claim, nonce: string): Promise<string | undefined> {
  const { ledger, tally, zombies } = chaos;
  if (performance.now() + submitTimeoutMs > claim.leaseDeadline) {
    count(tally, "stopped by the guard");
    await ledger.reopen(key, claim);
    return undefined;
  }
  if (zombies && Math.random() < pausing) {
    count(tally, "zombies");
    await delay(leaseMs * (1 + Math.random()));
  }
  const requestId = await buy(chaos, key, nonce);
  await step(chaos);
  const { recorded } = await ledger.checkpoint(key, claim, requestId);
  if (!recorded) count(tally, "surplus");
  return recorded ? requestId : undefined;
}

async function reconcile(chaos: Chaos, key: CallKey, claim: Claim): Promise<string | "failed" | undefined> {
  const { ledger, tally, mayResubmit } = chaos;
  if (claim.verdict.kind !== "unknown") return undefined;
  const { nonce, submitAgeMs, submits } = claim.verdict;
  const found = await ledger.readCallback(nonce);
  await step(chaos);
  if (found !== undefined) {
    const { recorded } = await ledger.adopt(key, claim, found, "callback");
    if (recorded) count(tally, "adopted");
    return recorded ? found : undefined;
  }
  if (submitAgeMs < graceMs) return undefined;
  if (!mayResubmit || submits > resubmitsMax) return "failed";
  const right = await ledger.resubmit(key, claim, { graceMs, resubmitsMax });
  if (!right) return undefined;
  count(tally, "resubmitted");
  return submit(chaos, key, right, nonce);
}

/** One delivery. Answers whether the item has ended. */
async function work(chaos: Chaos, key: CallKey): Promise<boolean> {
  const { ledger, tally } = chaos;
  const claim = await ledger.claim(key, "fal");
  const { verdict } = claim;
  count(tally, verdict.kind);
  if (verdict.kind === "finished") return true;
  if (verdict.kind === "held") return false;
  await step(chaos);
  let requestId = verdict.kind === "resume" ? verdict.requestId : undefined;
  if (verdict.kind === "submit") requestId = await submit(chaos, key, claim, verdict.nonce);
  if (verdict.kind === "unknown") requestId = await reconcile(chaos, key, claim);
  if (requestId === undefined) {
    await ledger.release(key, claim);
    return false;
  }
  await step(chaos);
  const ended = requestId === "failed" ? undefined : requestId;
  return (await ledger.finish(key, ended, { requestId: ended ?? null })).kind === "finished";
}

async function deliver(chaos: Chaos, key: CallKey): Promise<boolean> {
  try {
    return await work(chaos, key);
  } catch (error) {
    if (!(error instanceof Vanished)) chaos.tally.errors.push(String(error));
    return false;
  }
}

async function runChaos(circumstances: Pick<Chaos, "mayResubmit" | "callsBack" | "zombies">) {
  await using stack = new AsyncDisposableStack();
  const processes = Array.from({ length: 4 }, () => {
    const own = stack.adopt(openPool(2), (opened) => opened.end());
    return stack.use(createPostgresLedger({ pool: own, logger: silentLogger, leaseMs }));
  });
  const shop: Shop = { charges: new Map() };
  const tally: Tally = { counts: new Map(), errors: [] };
  const keys = Array.from({ length: items }, () => ({ itemId: randomUUID(), attempt: 1 }));
  // Each item is delivered to four clients at once, as after redeliveries that overlap.
  const queue = [...keys, ...keys, ...keys, ...keys].sort(() => Math.random() - 0.5);
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async (_unused, client) => {
      const ledger = processes[client % processes.length];
      if (!ledger) throw new Error("there is no process");
      const chaos = { ...circumstances, ledger, shop, tally };
      for (let key = queue.shift(); key !== undefined; key = queue.shift()) {
        if (performance.now() - begun > longestMs) throw new Error("the items do not end");
        if (!(await deliver(chaos, key))) {
          queue.push(key);
          await delay(5);
        }
      }
    }),
  );
  const { rows } = await pool.query<{ item_id: string; request_id: string | null; state: string }>(
    "select item_id, request_id, state from provider_calls where item_id = any($1::uuid[])",
    [keys.map(({ itemId }) => itemId)],
  );
  return { shop, tally, rows, charged: [...shop.charges.values()].map(({ length }) => length) };
}

test("trigger: of a planted violation, raises, so that a real one would be noticed", async () => {
  const key = randomUUID();
  await pool.query(
    `insert into provider_calls (item_id, attempt, provider, nonce, state, lease_token, lease_until, submit_token, submit_started_at)
     values ($1::uuid, 1, 'fal', 'planted', 'submitting', gen_random_uuid(), now() + interval '1 h', gen_random_uuid(), now())`,
    [key],
  );

  const plant = (change: string) => pool.query(`update provider_calls set ${change} where item_id = $1`, [key]);

  await expect(plant("lease_token = gen_random_uuid()")).rejects.toThrow("a living lease changed hands");
  await expect(plant("submit_token = gen_random_uuid(), submits = 2")).rejects.toThrow(
    "a submit right was given twice",
  );
});

test("faults 9, 13: chaos: without leave to submit again, every item ends and is charged at most once", async () => {
  const { tally, rows, charged, shop } = await runChaos({ mayResubmit: false, callsBack: 0.5, zombies: true });

  expect(tally.errors).toEqual([]);
  expect(rows).toHaveLength(items);
  expect(rows.every(({ state }) => state === "finished")).toBe(true);
  expect(Math.max(...charged)).toBe(1);
  for (const { item_id, request_id } of rows) {
    if (request_id !== null) expect(shop.charges.get(item_id)).toEqual([request_id]);
  }
  for (const what of ["vanished", "paused", "zombies", "unknown", "adopted", "resume"]) {
    expect(tally.counts.get(what), what).toBeGreaterThan(0);
  }
}, 60_000);

test("fault 9: chaos: with leave to submit again once, no right is given beyond it", async () => {
  const { tally, rows, charged } = await runChaos({ mayResubmit: true, callsBack: 0.5, zombies: false });

  expect(tally.errors).toEqual([]);
  expect(Math.max(...charged)).toBeLessThanOrEqual(1 + resubmitsMax);
  expect(rows.every(({ state }) => state === "finished")).toBe(true);
  expect(tally.counts.get("resubmitted")).toBeGreaterThan(0);
}, 60_000);

import { randomUUID } from "node:crypto";
import { itemIdOf } from "@tirage/contracts";
import { buildItemFailed, buildWorkRequested } from "@tirage/contracts/testing";
import { createPool } from "@tirage/database";
import { RetryLaterError } from "@tirage/messaging";
import { silentLogger } from "@tirage/messaging/testing";
import { createTestDatabase, eventually } from "@tirage/testkit";
import type pg from "pg";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createPostgresLedger, ledgerSessionSettings } from "../src/adapters/postgres-ledger.ts";
import { recordOf } from "../src/domain/generation-result.ts";
import type { CallKey, Ledger } from "../src/ports.ts";
import { contractLeaseMs, describeLedger } from "./ledger.contract.ts";

let resources: AsyncDisposableStack;
let databaseUrl: string;

/** Refuses, in the database, what must never happen: an alive lease that changes hands, an id or a result that changes. */
const invariants = `
create function refuse_overpayment() returns trigger language plpgsql as $$
begin
  if old.state = 'finished' then raise 'a finished call changed'; end if;
  if old.lease_until > now() and new.lease_token is distinct from old.lease_token then raise 'a lease was stolen'; end if;
  if old.request_id is not null and new.request_id is distinct from old.request_id then raise 'a request id changed'; end if;
  if new.submit_token is distinct from old.submit_token and old.state <> 'open'
    and not (old.state = 'submitting' and old.lease_until > now() and new.submit_token = old.lease_token and new.submits = 2)
    then raise 'submit right given twice'; end if;
  if old.state = 'submitted' and new.state in ('open', 'submitting') then raise 'a submit was forgotten'; end if;
  return new;
end $$;
create trigger refuse_overpayment before update on provider_calls for each row
  when (old is distinct from new) execute function refuse_overpayment();`;

beforeAll(async () => {
  resources = new AsyncDisposableStack();
  const database = resources.use(await createTestDatabase());
  databaseUrl = database.url;
  const pool = resources.adopt(createTestPool(), (opened) => opened.end());
  await pool.query(invariants);
});
afterAll(() => resources.disposeAsync());

function createTestPool(): pg.Pool {
  return createPool({
    databaseUrl,
    applicationName: "ledger-test",
    max: 4,
    onError: () => undefined,
    sessionSettings: ledgerSessionSettings,
  });
}

interface OpenLedger {
  readonly ledger: Ledger;
  readonly pool: pg.Pool;
  /** Names of the statements sent so far. */
  readonly statements: string[];
}

async function useLedger(
  body: (opened: OpenLedger) => Promise<void>,
  { leaseMs = contractLeaseMs }: { leaseMs?: number } = {},
): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const pool = stack.adopt(createTestPool(), (opened) => opened.end());
  const statements: string[] = [];
  const counting = new Proxy(pool, {
    get(target, property) {
      if (property !== "query") return Reflect.get(target, property, target);
      return (query: { name: string }) => {
        statements.push(query.name);
        return target.query(query as unknown as string);
      };
    },
  });
  const ledger = stack.use(createPostgresLedger({ pool: counting, logger: silentLogger, leaseMs }));
  await body({ ledger, pool, statements });
}

const newKey = (): CallKey => ({ itemId: randomUUID(), attempt: 1 });

describeLedger((body) => useLedger(({ ledger }) => body(ledger)));

test("invariants: a planted violation is refused, so the tests here would notice a real one", async () => {
  await useLedger(async ({ ledger, pool }) => {
    const key = newKey();
    await ledger.claim(key, "fal");

    const steal = pool.query("update provider_calls set lease_token = gen_random_uuid() where item_id = $1", [
      key.itemId,
    ]);

    await expect(steal).rejects.toThrow("a lease was stolen");
  });
});

test("claim: a thousand at once take few statements and each gets its own right", async () => {
  await useLedger(async ({ ledger, statements }) => {
    const keys = Array.from({ length: 1_000 }, newKey);

    const claims = await Promise.all(keys.map((key) => ledger.claim(key, "fal")));

    expect(claims.every(({ verdict }) => verdict.kind === "submit")).toBe(true);
    const nonces = claims.map(({ verdict }) => (verdict.kind === "submit" ? verdict.nonce : ""));
    expect(new Set(nonces).size).toBe(1_000);
    expect(statements.length).toBeLessThanOrEqual(11);
  });
});

test("claim: one item's claims never share a statement, so the second finds the first's lease", async () => {
  await useLedger(async ({ ledger, statements }) => {
    const key = newKey();

    const [first, second] = await Promise.all([ledger.claim(key, "fal"), ledger.claim(key, "fal")]);

    expect(first.verdict.kind).toBe("submit");
    expect(second.verdict.kind).toBe("held");
    expect(statements).toHaveLength(2);
  });
});

test("keepAlive: two hundred leases outlive their length by one statement a round", async () => {
  await useLedger(
    async ({ ledger, pool, statements }) => {
      const keys = Array.from({ length: 200 }, newKey);
      using kept = new DisposableStack();
      const lost: CallKey[] = [];
      for (const key of keys) {
        const claim = await ledger.claim(key, "fal");
        kept.use(ledger.keepAlive(key, claim, { onLost: () => void lost.push(key), onCancelled: () => undefined }));
      }
      const begun = performance.now();
      const before = statements.length;

      await eventually(() => performance.now() - begun > 3_000);

      const { rows } = await pool.query(
        "select count(*) as alive from provider_calls where item_id = any($1::uuid[]) and lease_until > now()",
        [keys.map(({ itemId }) => itemId)],
      );
      expect(rows).toEqual([{ alive: 200 }]);
      expect(lost).toEqual([]);
      expect(new Set(statements.slice(before))).toEqual(new Set(["renew-leases"]));
      expect(statements.length - before).toBeLessThanOrEqual(7);
    },
    { leaseMs: 1_500 },
  );
});

test("keepAlive: when another worker has the lease, tells so once", async () => {
  await useLedger(async ({ ledger, pool }) => {
    const key = newKey();
    const claim = await ledger.claim(key, "fal");
    let losses = 0;
    const onLost = () => {
      losses += 1;
    };
    using _kept = ledger.keepAlive(key, claim, { onLost, onCancelled: () => undefined });
    // In one transaction, so that no renewal comes between the end of this lease and the beginning of the other.
    await pool.query(`begin;
      update provider_calls set lease_until = now() where item_id = '${key.itemId}';
      update provider_calls set lease_token = gen_random_uuid(), lease_until = now() + interval '1 h'
       where item_id = '${key.itemId}';
      commit`);

    await eventually(() => losses > 0);
    const seen = performance.now();
    await eventually(() => performance.now() - seen > contractLeaseMs);

    expect(losses).toBe(1);
  });
});

test("keepAlive: of an order that is cancelled up to this attempt, tells so at a renewal and at a claim, and of a later attempt not", async () => {
  await useLedger(async ({ ledger, pool }) => {
    const [orderId, itemId] = [randomUUID(), randomUUID()];
    await pool.query(`begin;
      insert into orders (id, provider, model, prompt, seed) values ('${orderId}', 'fal', 'm', 'p', 1);
      insert into order_items (id, order_id, index, seed) values ('${itemId}', '${orderId}', 0, 1);
      commit`);
    const told: number[] = [];
    using kept = new DisposableStack();
    for (const attempt of [1, 4]) {
      const key = { itemId, attempt };
      const onCancelled = () => void told.push(attempt);
      kept.use(ledger.keepAlive(key, await ledger.claim(key, "fal"), { onLost: () => undefined, onCancelled }));
    }
    await pool.query("insert into order_requests (order_id, kind, attempt) values ($1, 'cancel', 3)", [orderId]);

    await eventually(() => told.length >= 2);

    expect(new Set(told)).toEqual(new Set([1]));
    const claims = [1, 3, 4].map((attempt) => ledger.claim({ itemId, attempt }, "fal"));
    expect((await Promise.all(claims)).map(({ isCancelled }) => isCancelled)).toEqual([true, true, false]);
  });
});

test("claim: of an order that was deleted, says cancelled at every attempt, and of another order not", async () => {
  await useLedger(async ({ ledger, pool }) => {
    // The last 32 bits of an item's id wrap.
    const orderId = `${randomUUID().slice(0, 28)}ffffffff`;
    await pool.query("insert into deleted_orders (id, tenant_id, storage_keys) values ($1, 'local', '{}')", [orderId]);

    const claims = [
      { itemId: orderId, attempt: 1 },
      { itemId: itemIdOf(orderId, 7), attempt: 63 },
      { itemId: randomUUID(), attempt: 1 },
    ].map((key) => ledger.claim(key, "fal"));

    expect((await Promise.all(claims)).map(({ isCancelled }) => isCancelled)).toEqual([true, true, false]);
  });
});

test("stopUnstarted: of items at later attempts than they show, ends what follows or repeats what ended them", async () => {
  await useLedger(async ({ ledger, pool }) => {
    const orderId = randomUUID();
    const items: string[] = [randomUUID(), randomUUID(), randomUUID()].toSorted();
    await pool.query("insert into orders (id, provider, model, prompt, seed) values ($1, 'fal', 'm', 'p', 1)", [
      orderId,
    ]);
    await pool.query(
      `insert into order_items (id, order_id, index, seed)
       select id, $2, index, index from unnest($1::uuid[]) with ordinality as item(id, index)`,
      [items, orderId],
    );
    const [waiting = "", running = "", over = ""] = items;
    const workOf = (itemId: string, attempt: number) => recordOf(buildWorkRequested({ orderId, itemId, attempt }));
    const failed = (itemId: string, attempt: number) => ({
      ...recordOf(buildItemFailed({ orderId, attempt })),
      itemId,
    });
    for (const [itemId, results] of [
      [waiting, [workOf(waiting, 2)]],
      [running, [workOf(running, 2), undefined]],
      [over, [workOf(over, 2), failed(over, 2)]],
    ] as const) {
      for (const [position, result] of results.entries()) {
        const key = { itemId, attempt: position + 1 };
        const claim = await ledger.claim(key, "fal");
        await ledger.checkpoint(key, claim, `request-${itemId}-${position}`);
        if (result) await ledger.finish(key, `request-${itemId}-${position}`, result);
      }
    }
    const stopped: number[][] = [];
    const resultOf = ({ itemId, attempt }: CallKey) => {
      stopped.push([items.indexOf(itemId), attempt]);
      return { ...recordOf(buildItemFailed({ orderId, attempt })), code: "stopped" };
    };

    const first = await ledger.stopUnstarted(orderId, 3, resultOf);
    const again = await ledger.stopUnstarted(orderId, 3, resultOf);

    expect(stopped).toEqual([[0, 2]]);
    expect(first).toHaveLength(2);
    expect(again).toEqual(expect.arrayContaining([...first]));
    expect(again).toHaveLength(2);
    expect((await ledger.claim({ itemId: waiting, attempt: 2 }, "fal")).verdict.kind).toBe("finished");
  });
});

test("claim: whose answer was lost after the commit, repeats itself and still has the submit right", async () => {
  await useLedger(async ({ ledger, pool }) => {
    const key = newKey();
    using lossyLedger = createPostgresLedger({ pool: createLossyPool(pool), logger: silentLogger, leaseMs: 5_000 });

    const claim = await lossyLedger.claim(key, "fal");

    expect(claim.verdict.kind).toBe("submit");
    expect((await ledger.claim(key, "fal")).verdict.kind).toBe("held");
  });
});

test("claim: whose answers are lost for longer than five seconds, still has the submit right within its lease", async () => {
  await useLedger(async ({ pool }) => {
    const lossy = createLossyPool(pool, 5_500);
    using ledger = createPostgresLedger({ pool: lossy, logger: silentLogger, leaseMs: 20_000 });

    expect((await ledger.claim(newKey(), "fal")).verdict.kind).toBe("submit");
  });
});

test("claim: whose answers are lost for longer than its lease, is committed, not submitted and given back", async () => {
  await useLedger(async ({ ledger, pool }) => {
    const key = newKey();
    using lossy = createPostgresLedger({ pool: createLossyPool(pool, 1_500), logger: silentLogger, leaseMs: 1_000 });

    await expect(lossy.claim(key, "fal")).rejects.toBeInstanceOf(RetryLaterError);

    await eventually(
      async () => {
        const claim = await ledger.claim(key, "fal");
        if (claim.verdict.kind === "unknown") await ledger.release(key, claim);
        return claim.verdict.kind === "submit";
      },
      { timeoutMs: 5_000 },
    );
  });
});

test("claim: after one of this process whose answers were lost beyond the lease, has the right at once", async () => {
  await useLedger(async ({ pool }) => {
    const key = newKey();
    using lossy = createPostgresLedger({ pool: createLossyPool(pool, 1_500), logger: silentLogger, leaseMs: 1_000 });
    await expect(lossy.claim(key, "fal")).rejects.toBeInstanceOf(RetryLaterError);
    const claimAgain = () => lossy.claim(key, "fal").catch(() => undefined);

    const claim = await eventually(claimAgain, { timeoutMs: 5_000 });

    expect(claim.verdict.kind).toBe("submit");
  });
});

/** Executes statements, and reports a broken connection in the place of their answers: of the first, or for so long. */
function createLossyPool(pool: pg.Pool, lossyMs = 0): pg.Pool {
  const begun = performance.now();
  let isFirst = true;
  return new Proxy(pool, {
    get(target, property) {
      if (property !== "query") return Reflect.get(target, property, target);
      return async (query: string) => {
        const answer = await target.query(query);
        if (!isFirst && performance.now() - begun > lossyMs) return answer;
        isFirst = false;
        throw Object.assign(new Error("Connection terminated unexpectedly"), { code: "ECONNRESET" });
      };
    },
  });
}

test("readCallback: of a nonce that a provider called back, is the request id it told", async () => {
  await useLedger(async ({ ledger, pool }) => {
    await pool.query(
      "insert into provider_callbacks (nonce, provider, request_id) values ('nonce-1', 'fal', 'request-1')",
    );

    const found = await Promise.all(["nonce-1", "nonce-2"].map((nonce) => ledger.readCallback(nonce)));

    expect(found).toEqual(["request-1", undefined]);
  });
});

test("any call: with the database away, is to be retried later", async () => {
  const pool = createPool({
    databaseUrl: "postgres://nobody@127.0.0.1:1/nothing",
    applicationName: "ledger-test",
    max: 1,
    onError: () => undefined,
  });
  using ledger = createPostgresLedger({ pool, logger: silentLogger, leaseMs: 1_000 });
  const key = newKey();

  const failure = await ledger
    .finish(key, "request-1", {})
    .then(() => undefined)
    .catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(RetryLaterError);
  expect(failure).toMatchObject({ code: "database_away" });
  await pool.end();
});

test.each([600_000, -600_000])(
  "fault 34: claim: by a worker whose clock is off by %i ms, neither takes a living lease nor holds its own for longer",
  async (skewMs) => {
    await useLedger(async ({ ledger }) => {
      const [others, own] = [newKey(), newKey()];
      await ledger.claim(others, "fal");
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + skewMs });
      try {
        expect((await ledger.claim(others, "fal")).verdict).toMatchObject({ kind: "held" });
        expect((await ledger.claim(own, "fal")).verdict).toMatchObject({ kind: "submit" });
      } finally {
        vi.useRealTimers();
      }

      expect((await ledger.claim(own, "fal")).verdict).toMatchObject({ kind: "held" });
      await eventually(async () => (await ledger.claim(own, "fal")).verdict.kind === "unknown", {
        timeoutMs: 2 * contractLeaseMs,
      });
    });
  },
);

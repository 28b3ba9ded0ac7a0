/** What every ledger must do; run on each implementation. */
import { randomUUID } from "node:crypto";
import { eventually } from "@tirage/testkit";
import { expect, test } from "vitest";
import type { CallKey, Ledger } from "../src/ports.ts";

/** Long enough not to expire within a step of a test, short enough to wait for. */
export const contractLeaseMs = 1_000;

/** `useLedger` runs the test's body on a fresh ledger whose leases last `contractLeaseMs`. */
export function describeLedger(useLedger: (body: (ledger: Ledger) => Promise<void>) => Promise<void>): void {
  const newKey = (): CallKey => ({ itemId: randomUUID(), attempt: 1 });
  const claimAgain = (ledger: Ledger, key: CallKey) =>
    eventually(async () => {
      const claim = await ledger.claim(key, "fal");
      return claim.verdict.kind === "held" ? undefined : claim;
    });
  const ledgerTest = (name: string, body: (ledger: Ledger) => Promise<void>) => test(name, () => useLedger(body));

  ledgerTest("claim: for an item nobody claimed, gives the submit right with a nonce fit for a URL", async (ledger) => {
    const begun = performance.now();
    const claim = await ledger.claim(newKey(), "fal");

    expect(claim.verdict).toEqual({ kind: "submit", nonce: expect.stringMatching(/^[A-Za-z0-9_-]{16,}$/) });
    expect(claim.leaseDeadline).toBeGreaterThanOrEqual(begun + contractLeaseMs);
    expect(claim.leaseDeadline).toBeLessThanOrEqual(performance.now() + contractLeaseMs);
  });

  ledgerTest("claim: while another lease is alive, says for how long", async (ledger) => {
    const key = newKey();
    await ledger.claim(key, "fal");

    const { verdict } = await ledger.claim(key, "fal");

    expect(verdict).toMatchObject({ kind: "held" });
    const { leaseLeftMs } = verdict as { leaseLeftMs: number };
    expect(leaseLeftMs).toBeGreaterThan(0);
    expect(leaseLeftMs).toBeLessThanOrEqual(contractLeaseMs);
  });

  ledgerTest("claim: of a hundred at once for one item, exactly one gets the submit right", async (ledger) => {
    const key = newKey();

    const claims = await Promise.all(Array.from({ length: 100 }, () => ledger.claim(key, "fal")));

    expect(claims.filter(({ verdict }) => verdict.kind === "submit")).toHaveLength(1);
  });

  ledgerTest("claim: after the lease of a submitting worker expired, the outcome is unknown", async (ledger) => {
    const key = newKey();
    await ledger.claim(key, "fal");

    const { verdict } = await claimAgain(ledger, key);

    expect(verdict).toMatchObject({ kind: "unknown" });
    expect((verdict as { submitAgeMs: number }).submitAgeMs).toBeGreaterThanOrEqual(contractLeaseMs * 0.9);
  });

  ledgerTest("release: while submitting, makes the call claimable at once but not submittable", async (ledger) => {
    const key = newKey();
    await ledger.release(key, await ledger.claim(key, "fal"));

    expect((await ledger.claim(key, "fal")).verdict).toMatchObject({ kind: "unknown" });
  });

  ledgerTest("release: of a lease that is another's, leaves it alone", async (ledger) => {
    const key = newKey();
    const first = await ledger.claim(key, "fal");
    await claimAgain(ledger, key);

    await ledger.release(key, first);

    expect((await ledger.claim(key, "fal")).verdict).toMatchObject({ kind: "held" });
  });

  ledgerTest(
    "reopen: after a submit that bought nothing, gives the right again under the same nonce",
    async (ledger) => {
      const key = newKey();
      const first = await ledger.claim(key, "fal");
      await ledger.reopen(key, first);

      const second = await ledger.claim(key, "fal");

      expect(second.verdict).toEqual(first.verdict);
      expect(second.token).not.toBe(first.token);
    },
  );

  ledgerTest("reopen: after the lease is another's, leaves the lease and gives the right", async (ledger) => {
    const key = newKey();
    const first = await ledger.claim(key, "fal");
    await ledger.release(key, first);
    const second = await ledger.claim(key, "fal");
    expect(second.verdict.kind).toBe("unknown");

    await ledger.reopen(key, first);

    expect((await ledger.claim(key, "fal")).verdict.kind).toBe("held");
    await ledger.release(key, second);
    expect((await ledger.claim(key, "fal")).verdict.kind).toBe("submit");
  });

  ledgerTest("reopen: once the request id is recorded, changes nothing", async (ledger) => {
    const key = newKey();
    const claim = await ledger.claim(key, "fal");
    await ledger.checkpoint(key, claim, "request-1");

    await ledger.reopen(key, claim);
    await ledger.release(key, claim);

    expect((await ledger.claim(key, "fal")).verdict).toMatchObject({ kind: "resume", requestId: "request-1" });
  });

  ledgerTest("checkpoint: within the lease, is recorded and the lease still held", async (ledger) => {
    const key = newKey();
    const claim = await ledger.claim(key, "fal");

    expect(await ledger.checkpoint(key, claim, "request-1")).toEqual({ recorded: true, held: true });
  });

  ledgerTest("checkpoint: repeated because its answer was lost, answers the same", async (ledger) => {
    const key = newKey();
    const claim = await ledger.claim(key, "fal");
    await ledger.checkpoint(key, claim, "request-1");

    expect(await ledger.checkpoint(key, claim, "request-1")).toEqual({ recorded: true, held: true });
  });

  ledgerTest("checkpoint: after another took the lease over, is recorded all the same and says so", async (ledger) => {
    const key = newKey();
    const late = await ledger.claim(key, "fal");
    const taker = await claimAgain(ledger, key);

    expect(await ledger.checkpoint(key, late, "request-1")).toEqual({ recorded: true, held: false });
    await ledger.release(key, taker);
    expect((await ledger.claim(key, "fal")).verdict).toMatchObject({ kind: "resume", requestId: "request-1" });
  });

  ledgerTest("checkpoint: of a second request, is not recorded", async (ledger) => {
    const key = newKey();
    const claim = await ledger.claim(key, "fal");
    await ledger.checkpoint(key, claim, "request-1");

    expect(await ledger.checkpoint(key, claim, "request-2")).toEqual({ recorded: false, held: false });
  });

  ledgerTest("checkpoint: after the call was ended as unknown, is not recorded", async (ledger) => {
    const key = newKey();
    const late = await ledger.claim(key, "fal");
    await claimAgain(ledger, key);
    await ledger.finish(key, undefined, { ended: "unknown" });

    expect(await ledger.checkpoint(key, late, "request-1")).toEqual({ recorded: false, held: false });
  });

  ledgerTest(
    "adopt: of an unknown submit, records the request that was found, for whoever comes next",
    async (ledger) => {
      const key = newKey();
      await ledger.release(key, await ledger.claim(key, "fal"));
      const claim = await ledger.claim(key, "fal");

      expect(await ledger.adopt(key, claim, "request-1", "listing")).toEqual({ recorded: true, held: true });
      expect(await ledger.adopt(key, claim, "request-1", "listing")).toEqual({ recorded: true, held: true });
      expect(await ledger.adopt(key, claim, "request-2", "listing")).toEqual({ recorded: false, held: false });
      await ledger.release(key, claim);
      const known = { kind: "resume", requestId: "request-1", recovery: "listing" };
      expect((await ledger.claim(key, "fal")).verdict).toMatchObject(known);
    },
  );

  ledgerTest("adopt: by a worker whose lease is another's by now, records nothing", async (ledger) => {
    const key = newKey();
    const first = await ledger.claim(key, "fal");
    const taker = await claimAgain(ledger, key);

    expect(await ledger.adopt(key, first, "request-1", "listing")).toEqual({ recorded: false, held: false });
    await ledger.release(key, taker);
    expect((await ledger.claim(key, "fal")).verdict).toMatchObject({ kind: "unknown" });
  });

  ledgerTest("adopt: of the request that the submitting worker records later, is one and the same", async (ledger) => {
    const key = newKey();
    const late = await ledger.claim(key, "fal");
    await ledger.adopt(key, await claimAgain(ledger, key), "request-1", "listing");

    expect(await ledger.checkpoint(key, late, "request-1")).toEqual({ recorded: true, held: false });
    expect(await ledger.checkpoint(key, late, "request-2")).toEqual({ recorded: false, held: false });
  });

  const unknownBounds = { graceMs: 200, resubmitsMax: 1 };
  const claimUnknown = async (ledger: Ledger, key: CallKey) => {
    const late = await ledger.claim(key, "fal");
    await ledger.release(key, late);
    const claim = await ledger.claim(key, "fal");
    return { late, claim };
  };

  ledgerTest("resubmit: within the grace, gives no right", async (ledger) => {
    const key = newKey();
    const { claim } = await claimUnknown(ledger, key);

    expect(await ledger.resubmit(key, claim, { ...unknownBounds, graceMs: 60_000 })).toBeUndefined();
  });

  ledgerTest("resubmit: after the grace, gives the right under the same nonce, as often as allowed", async (ledger) => {
    const key = newKey();
    const { late, claim } = await claimUnknown(ledger, key);
    const { nonce } = claim.verdict as { nonce: string };

    const right = await eventually(() => ledger.resubmit(key, claim, unknownBounds), { intervalMs: 20 });

    expect(right).toMatchObject({ verdict: { kind: "submit", nonce }, token: claim.token });
    const begun = performance.now();
    await eventually(() => performance.now() - begun > 2 * unknownBounds.graceMs);
    expect(await ledger.resubmit(key, claim, unknownBounds)).toBeUndefined();
    expect(await ledger.checkpoint(key, late, "request-1")).toEqual({ recorded: false, held: false });
    expect(await ledger.checkpoint(key, claim, "request-2")).toEqual({ recorded: true, held: true });
  });

  ledgerTest(
    "resubmit: by a worker whose lease is another's, or of a known request, gives no right",
    async (ledger) => {
      const [lost, known] = [newKey(), newKey()];
      const { late, claim } = await claimUnknown(ledger, lost);
      const { claim: adopting } = await claimUnknown(ledger, known);
      await ledger.adopt(known, adopting, "request-1", "listing");

      expect(await ledger.resubmit(lost, late, { ...unknownBounds, graceMs: 0 })).toBeUndefined();
      expect(await ledger.resubmit(known, adopting, { ...unknownBounds, graceMs: 0 })).toBeUndefined();
      await ledger.release(lost, claim);
      expect((await ledger.claim(lost, "fal")).verdict).toMatchObject({ kind: "unknown", submits: 1 });
    },
  );

  ledgerTest("readCallback: of a nonce that nobody called back, is undefined", async (ledger) => {
    expect(await ledger.readCallback("nobody")).toBeUndefined();
  });

  ledgerTest("knownRequestIds: are those that some call recorded", async (ledger) => {
    const key = newKey();
    const requestId = randomUUID();
    await ledger.checkpoint(key, await ledger.claim(key, "fal"), requestId);

    expect(await ledger.knownRequestIds("fal", [requestId, "stranger"])).toEqual(new Set([requestId]));
  });

  ledgerTest("finish: the first result of a request stands, whoever finishes and however often", async (ledger) => {
    const key = newKey();
    await ledger.checkpoint(key, await ledger.claim(key, "fal"), "request-1");
    const first = { text: 'with "quotes", {braces} and \\ backslashes', list: [1, null, "ü"] };

    expect(await ledger.finish(key, "request-1", first)).toEqual({ kind: "finished", result: first });
    expect(await ledger.finish(key, "request-1", { other: true })).toEqual({ kind: "finished", result: first });
    expect((await ledger.claim(key, "fal")).verdict).toEqual({ kind: "finished", result: first });
  });

  ledgerTest("finish: for another request than the recorded one, ends nothing", async (ledger) => {
    const key = newKey();
    const claim = await ledger.claim(key, "fal");
    await ledger.checkpoint(key, claim, "request-1");

    expect(await ledger.finish(key, "request-2", {})).toEqual({ kind: "superseded" });
    expect(await ledger.finish(key, undefined, {})).toEqual({ kind: "superseded" });
    await ledger.release(key, claim);
    expect((await ledger.claim(key, "fal")).verdict).toMatchObject({ kind: "resume", requestId: "request-1" });
  });

  ledgerTest("claim: attempts of one item are calls of their own", async (ledger) => {
    const key = newKey();
    await ledger.claim(key, "fal");

    expect((await ledger.claim({ ...key, attempt: 2 }, "fal")).verdict).toMatchObject({ kind: "submit" });
  });
}

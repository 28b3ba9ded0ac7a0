import { eventually } from "@tirage/testkit";
import { expect, test } from "vitest";
import { createLeaseRenewal, type Lease } from "./lease-renewal.ts";

function leaseOf(itemId: string) {
  const losses: string[] = [];
  const cancels: string[] = [];
  const listener = { onLost: () => void losses.push(itemId), onCancelled: () => void cancels.push(itemId) };
  const lease: Lease = { itemId, attempt: 1, token: "token", ...listener };
  return { lease, losses, cancels };
}

test("renewal: all leases of a round are renewed together, until each is let go of", async () => {
  const rounds: string[][] = [];
  using renewal = createLeaseRenewal({
    everyMs: 20,
    onError: () => undefined,
    async renew(leases) {
      rounds.push(leases.map(({ itemId }) => itemId));
      return { lost: [], cancelled: [] };
    },
  });
  const kept = renewal.keep(leaseOf("a").lease);
  using _other = renewal.keep(leaseOf("b").lease);

  await eventually(() => rounds.length >= 2);
  expect(rounds.every((items) => items.join() === "a,b")).toBe(true);
  kept[Symbol.dispose]();
  const seen = rounds.length;
  await eventually(() => rounds.length > seen + 1);

  expect(rounds.at(-1)).toEqual(["b"]);
});

test("renewal: a lease that was lost is told so once and not renewed again; a cancelled one is told and renewed", async () => {
  const { lease, losses, cancels } = leaseOf("a");
  const other = leaseOf("b");
  let rounds = 0;
  using renewal = createLeaseRenewal({
    everyMs: 20,
    onError: () => undefined,
    async renew(leases) {
      rounds += 1;
      const those = (id: string) => leases.filter(({ itemId }) => itemId === id);
      return { lost: those("a"), cancelled: those("b") };
    },
  });
  using _kept = renewal.keep(lease);
  using _other = renewal.keep(other.lease);

  await eventually(() => rounds >= 3);

  expect(losses).toEqual(["a"]);
  expect(cancels).toEqual([]);
  expect(other.cancels.length).toBeGreaterThanOrEqual(2);
});

test("renewal: a round that fails loses nothing and is repeated sooner than the next would come", async () => {
  const { lease, losses } = leaseOf("a");
  const errors: unknown[] = [];
  const failedAt: number[] = [];
  using renewal = createLeaseRenewal({
    everyMs: 500,
    onError: (error) => void errors.push(error),
    async renew() {
      failedAt.push(performance.now());
      throw new Error("the database is away");
    },
  });
  using _kept = renewal.keep(lease);

  await eventually(() => failedAt.length >= 3);

  const [first = 0, , third = 0] = failedAt;
  expect(third - first).toBeLessThan(500);
  expect(errors.length).toBeGreaterThanOrEqual(2);
  expect(losses).toEqual([]);
});

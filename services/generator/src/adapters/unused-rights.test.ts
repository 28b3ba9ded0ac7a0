import { randomUUID } from "node:crypto";
import { eventually } from "@tirage/testkit";
import { expect, test } from "vitest";
import { createUnusedRights, type SubmitRight } from "./unused-rights.ts";

const newRight = (): SubmitRight => ({ itemId: randomUUID(), attempt: 1, token: randomUUID() });

/** A database that is away until told otherwise, and what it was asked to give back. */
function createDatabase() {
  const given: string[] = [];
  const database = { isAway: true, given };
  const giveBack = async (rights: readonly SubmitRight[]) => {
    if (database.isAway) throw new Error("away");
    given.push(...rights.map(({ itemId }) => itemId));
  };
  return Object.assign(database, { giveBack, onError: () => undefined });
}

test("unused rights: database away, given back when it answers and once more for what it had received before", async () => {
  const database = createDatabase();
  using rights = createUnusedRights({ ...database, everyMs: 2, onceMoreAfterMs: 20 });
  const right = newRight();
  rights.keep([right]);
  await expect(rights.settle(right)).rejects.toThrow("away");

  database.isAway = false;

  await eventually(() => database.given.length === 2);
  expect(database.given).toEqual([right.itemId, right.itemId]);
});

test("settle: of one call, gives back what is kept of it, and of a call given back already, asks for nothing", async () => {
  const database = createDatabase();
  database.isAway = false;
  using rights = createUnusedRights({ ...database, everyMs: 60_000 });
  const [meant, other] = [newRight(), newRight()];
  rights.keep([meant, other]);

  await rights.settle(meant);
  await rights.settle(meant);

  expect(database.given).toEqual([meant.itemId]);
});

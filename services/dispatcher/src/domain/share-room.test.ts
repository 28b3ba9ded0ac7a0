import { type Priority, priorities } from "@tirage/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { noCredits } from "./pick-lane.ts";
import { roomOf } from "./room.ts";
import { shareRoom } from "./share-room.ts";

const limits = roomOf(50, 2_500);
const held = (interactive: number, standard: number, bulk: number) => ({ interactive, standard, bulk });

/** Generations given to each lane over many rounds of the same room. */
function totalsOver(rounds: number, room: number, turnsHeld: Record<Priority, number>) {
  const totals = held(0, 0, 0);
  let credits = noCredits;
  for (let round = 0; round < rounds; round++) {
    const next = shareRoom({ room, limits, turnsHeld, credits });
    credits = next.credits;
    for (const { lane, quantum } of next.shares) totals[lane] += quantum;
  }
  return totals;
}

test.each([10, 20, 40, 113])(
  "shareRoom: all lanes waiting with room for %i, shares it 6 : 3 : 1 in the long run",
  (room) => {
    const totals = totalsOver(200, room, held(1, 1, 1));
    const sum = totals.interactive + totals.standard + totals.bulk;
    expect(totals.interactive / sum).toBeCloseTo(0.6, 1);
    expect(totals.standard / sum).toBeCloseTo(0.3, 1);
    expect(totals.bulk / sum).toBeCloseTo(0.1, 1);
  },
);

test("shareRoom: four turns of one lane and plenty of room, gives each the same", () => {
  const { shares } = shareRoom({ room: 112, limits, turnsHeld: held(0, 4, 0), credits: noCredits });
  expect(shares).toHaveLength(4);
  const quanta = shares.map(({ quantum }) => quantum);
  expect(Math.max(...quanta) - Math.min(...quanta)).toBeLessThanOrEqual(6);
});

test("shareRoom: room for the smallest quantum only, serves one turn", () => {
  const { shares } = shareRoom({ room: 12, limits, turnsHeld: held(0, 8, 0), credits: noCredits });
  expect(shares).toEqual([{ lane: "standard", quantum: 10 }]);
});

test("shareRoom: any room and turns, never gives out more than there is, nor more turns than are held", () => {
  const count = fc.integer({ min: 0, max: 8 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000 }), count, count, count, (room, interactive, standard, bulk) => {
      const turnsHeld = held(interactive, standard, bulk);
      const { shares } = shareRoom({ room, limits, turnsHeld, credits: noCredits });
      expect(shares.reduce((sum, { quantum }) => sum + quantum, 0)).toBeLessThanOrEqual(room);
      for (const lane of priorities) {
        expect(shares.filter((share) => share.lane === lane).length).toBeLessThanOrEqual(turnsHeld[lane]);
      }
      const canServe = room >= limits.smallestQuantum && interactive + standard + bulk > 0;
      expect(shares.length > 0).toBe(canServe);
    }),
  );
});

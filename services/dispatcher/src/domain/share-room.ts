/**
 * Who gets the room there is: lanes by weight, tenants of a lane alike. Shares are cut in small pieces, so that they are
 * right even when all the room of a moment is given out at once.
 */
import { type Priority, parallelTurns } from "@tirage/contracts";
import { type LaneCredits, pickLane } from "./pick-lane.ts";
import type { Room } from "./room.ts";

const largestQuantum = 500;
/** Pieces of one round: enough for lanes at 6 : 3 : 1 to be told apart. */
const piecesPerRound = 20;

/** One turn to serve: the lane it is taken from, and the generations it may dispatch. */
export interface Share {
  readonly lane: Priority;
  readonly quantum: number;
}

/** Whether there is so little room that every lane and tenant with work should be at the table before it is shared. */
export function isScarce(room: number, { highWater }: Room): boolean {
  return room < highWater / 2;
}

interface Plate {
  readonly lane: Priority;
  quantum: number;
}

/** The plate that this lane's next piece goes to: a new one while turns and places last, else its emptiest. */
function plateFor(lane: Priority, plates: Plate[], held: number, places: number): Plate | undefined {
  const own = plates.filter((plate) => plate.lane === lane);
  if (own.length < held && plates.length < places) {
    const plate = { lane, quantum: 0 };
    plates.push(plate);
    return plate;
  }
  return own.toSorted((one, other) => one.quantum - other.quantum)[0];
}

/**
 * Shares out room among the turns held, `turnsHeld` per lane. When room is scarce half of it is kept back for who comes
 * next; no more turns are served than can have the smallest quantum each, since a slice costs the same whatever its
 * size.
 * @returns the turns to take, in order, and the credits for the next round.
 */
export function shareRoom({
  room,
  limits,
  turnsHeld,
  credits,
}: {
  room: number;
  limits: Room;
  turnsHeld: Readonly<Record<Priority, number>>;
  credits: LaneCredits;
}): { shares: Share[]; credits: LaneCredits } {
  const { smallestQuantum } = limits;
  if (room < smallestQuantum) return { shares: [], credits };
  const budget = isScarce(room, limits) ? Math.max(smallestQuantum, Math.floor(room / 2)) : room;
  const piece = Math.max(1, Math.ceil(budget / piecesPerRound));
  const places = Math.min(parallelTurns, Math.floor(budget / smallestQuantum));
  const waiting = (Object.keys(turnsHeld) as Priority[]).filter((lane) => turnsHeld[lane] > 0);
  const plates: Plate[] = [];
  let nextCredits = credits;
  for (let left = budget; left > 0; left -= piece) {
    const pick = pickLane(waiting, nextCredits);
    const plate = pick && plateFor(pick.lane, plates, turnsHeld[pick.lane], places);
    // A lane whose due piece has no place keeps its credit and comes first in the next round.
    if (!pick || !plate) break;
    nextCredits = pick.credits;
    plate.quantum = Math.min(largestQuantum, plate.quantum + Math.min(piece, left));
  }
  return { shares: plates, credits: nextCredits };
}

// turn -> work.requested, dispatch.entry, turn
import { failpoint } from "@tirage/service-kit/failpoint";
import { sliceOrder } from "../domain/slice-order.ts";
import type { HeldTurn, RunQueue } from "../ports.ts";

/** Orders looked at in one turn: many small ones must not make a turn long. */
const largestNumberOfHeads = 32;

/** Dispatches the longest-waiting order's next generations; how many, or undefined when the ring is empty. */
async function dispatchOldest(
  runQueue: RunQueue,
  { ring }: HeldTurn,
  quantum: number,
  onPublished: (count: number) => void,
): Promise<number | undefined> {
  const entry = await runQueue.oldestEntry(ring);
  if (!entry) return undefined;
  return entry.inTrace(async () => {
    const { work, rest } = sliceOrder(entry.payload, quantum);
    onPublished(work.length);
    // Every generation is on the work queue before the entry moves past it: a crash between repeats, and loses nothing.
    await Promise.all(work.map((message) => runQueue.publishWork(message).then(() => failpoint("mid_fan_out"))));
    await failpoint("after_work_before_entry");
    if (rest) await runQueue.moveEntry(rest, entry.sequence);
    else await runQueue.removeEntry(entry.sequence);
    return work.length;
  });
}

/**
 * Serves one turn: up to `quantum` generations of the ring's oldest orders, then the turn moves to the tail. When the
 * ring is empty the turn ends, and the ring is looked at once more *after* that: an order that came in between found
 * the turn still there and made none.
 */
export async function serveTurn(
  runQueue: RunQueue,
  held: HeldTurn,
  quantum: number,
  onPublished: (count: number) => void,
): Promise<"moved" | "ended"> {
  let left = quantum;
  for (let heads = 0; left > 0 && heads < largestNumberOfHeads; heads++) {
    const dispatched = await dispatchOldest(runQueue, held, left, onPublished);
    if (dispatched === undefined) {
      await held.release();
      if (await runQueue.oldestEntry(held.ring)) await runQueue.ensureTurn(held.ring);
      return "ended";
    }
    left -= dispatched;
  }
  await runQueue.moveTurn(held.ring, held.sequence);
  held.forget();
  return "moved";
}

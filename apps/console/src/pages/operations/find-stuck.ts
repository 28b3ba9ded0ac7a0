import type { Queue, Worker } from "@tirage/client";
import { unbilledProvider } from "@tirage/contracts";
import { formatTirage } from "../../commands/format-tirage.ts";

/** Work that nobody takes, and what makes somebody take it. */
interface StuckHint {
  readonly waiting: number;
  /** There are workers, and each was told to take nothing new. */
  readonly areDrained: boolean;
  readonly command: string;
}

/** What costs nothing has no gate. */
const serves = ({ gates }: Worker, provider: string) =>
  provider === unbilledProvider || !gates || gates.some((gate) => gate.provider === provider);

/** Work waits and no worker takes any: nothing will move until one is started or resumed. */
export function findStuck(queues: readonly Queue[], workers: readonly Worker[], origin: string): StuckHint | undefined {
  let waiting = 0;
  let drained: Worker | undefined;
  for (const { provider, depth, inFlight } of queues) {
    if (provider === null) continue;
    const own = workers.filter((worker) => serves(worker, provider));
    if (own.some(({ drain }) => !drain)) continue;
    // What the drained have in flight goes on.
    waiting += own.length > 0 ? depth : depth + inFlight;
    if (depth > 0) drained ??= own[0];
  }
  if (waiting === 0) return undefined;
  const command = drained ? formatTirage(`workers resume ${drained.id}`, origin) : "npm start -- --generators 2";
  return { waiting, areDrained: drained !== undefined, command };
}

/** The run loop of one provider: while there is room on its work queue, serve the turns in their order. */
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "@tirage/messaging";
import { noCredits } from "./domain/pick-lane.ts";
import { roomOf } from "./domain/room.ts";
import { isScarce, type Share, shareRoom } from "./domain/share-room.ts";
import { serveTurn } from "./handlers/turn.ts";
import type { Backlog, RunQueue, TurnSource } from "./ports.ts";

const retryAfterFailureMs = 500;
/** Longest wait for a turn that is on its way back. */
const expectedTurnWaitMs = 5;

export interface DispatchLoopDependencies {
  readonly provider: string;
  /** The provider's concurrency over all replicas. */
  readonly concurrency: number;
  readonly runQueue: RunQueue;
  readonly turns: TurnSource;
  readonly backlog: Backlog;
  readonly logger: Logger;
  readonly onDispatched: (count: number) => void;
}

/** Dispatches until disposed; disposing finishes the turns being served. */
export function startDispatchLoop(dependencies: DispatchLoopDependencies): AsyncDisposable {
  const { provider, concurrency, runQueue, turns, backlog, logger, onDispatched } = dependencies;
  const stopping = new AbortController();
  const { signal } = stopping;
  let credits = noCredits;

  const serve = async ({ lane, quantum }: Share) => {
    const held = turns.take(lane);
    if (!held) return;
    try {
      const outcome = await serveTurn(runQueue, held, quantum, (count) => {
        backlog.published(count);
        onDispatched(count);
      });
      if (outcome === "moved") turns.expect(lane);
    } catch (error) {
      logger.warn({ provider, tenantId: held.ring.tenantId, error: String(error) }, "turn failed and is given back");
      held.giveBack(retryAfterFailureMs);
    }
  };
  const serveOnce = async () => {
    const limits = roomOf(concurrency, backlog.ratePerSecond);
    const room = limits.highWater - (await backlog.read());
    if (room < limits.smallestQuantum) {
      await delay(limits.blockedWaitMs, undefined, { signal }).catch(() => undefined);
      return;
    }
    if (isScarce(room, limits) && turns.lanesExpectingTurns().length > 0) {
      await turns.arrival(signal, expectedTurnWaitMs);
    }
    const next = shareRoom({ room, limits, turnsHeld: turns.held(), credits });
    credits = next.credits;
    await Promise.all(next.shares.map(serve));
  };
  const run = async () => {
    while (!signal.aborted) {
      if (turns.size === 0) await turns.arrival(signal);
      if (signal.aborted) return;
      try {
        await serveOnce();
      } catch (error) {
        logger.warn({ provider, error: String(error) }, "backlog cannot be read yet");
        await delay(retryAfterFailureMs, undefined, { signal }).catch(() => undefined);
      }
    }
  };
  const running = run();
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await running;
      await turns[Symbol.asyncDispose]();
    },
  };
}

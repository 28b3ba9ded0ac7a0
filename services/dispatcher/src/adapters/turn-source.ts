import { once } from "node:events";
import { type Priority, parallelTurns, priorities, turnConsumer } from "@tirage/contracts";
import { type Broker, type HeldMessages, holdMessages } from "@tirage/messaging";
import type { TurnSource } from "../ports.ts";

/** A moved turn comes back in one to two milliseconds, or has gone to another dispatcher. */
const expectedWithinMs = 5;

/** Holds up to K turns for each lane of a provider. */
export function createTurnSource(broker: Broker, provider: string): TurnSource {
  let arrived = Promise.withResolvers<void>();
  const expectedUntil = new Map<Priority, number>();
  const onArrival = (lane: Priority) => {
    expectedUntil.delete(lane);
    arrived.resolve();
    arrived = Promise.withResolvers<void>();
  };
  const lanes = new Map<Priority, HeldMessages<ReturnType<typeof turnConsumer>>>(
    priorities.map((lane) => [
      lane,
      holdMessages(broker, turnConsumer(provider, lane), { messages: parallelTurns, onArrival: () => onArrival(lane) }),
    ]),
  );
  const sizeOf = (lane: Priority) => lanes.get(lane)?.size ?? 0;
  return {
    get size() {
      return priorities.reduce((sum, lane) => sum + sizeOf(lane), 0);
    },
    held: () => ({ interactive: sizeOf("interactive"), standard: sizeOf("standard"), bulk: sizeOf("bulk") }),
    take(lane) {
      const held = lanes.get(lane)?.take();
      if (!held) return undefined;
      const { sequence, release, forget, giveBack, payload } = held;
      return { ring: payload, sequence, release, forget, giveBack };
    },
    expect: (lane) => void expectedUntil.set(lane, performance.now() + expectedWithinMs),
    lanesExpectingTurns() {
      const now = performance.now();
      return priorities.filter((lane) => sizeOf(lane) === 0 && (expectedUntil.get(lane) ?? 0) > now);
    },
    async arrival(signal, timeoutMs) {
      if (signal.aborted) return;
      const ended = new AbortController();
      const signals = [signal, ended.signal, ...(timeoutMs === undefined ? [] : [AbortSignal.timeout(timeoutMs)])];
      const aborted = once(AbortSignal.any(signals), "abort");
      await Promise.race([arrived.promise, aborted]);
      ended.abort();
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...lanes.values()].map((held) => held[Symbol.asyncDispose]()));
    },
  };
}

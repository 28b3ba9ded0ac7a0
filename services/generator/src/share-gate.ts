/** A provider's gate, wired to the broker: what closes it closes those of all replicas. */
import { gateChanged, pausedForGood } from "@tirage/contracts";
import { type Broker, broadcast, holdConsumer, type Logger, readHold, watchSubject } from "@tirage/messaging";
import { createProviderGate, type ProviderGate } from "./flow/provider-gate.ts";
import type { WorkConsumer } from "./handlers/work-requested.ts";
import type { Observations, ReadPause } from "./ports.ts";

export interface ShareGateOptions {
  readonly broker: Broker;
  readonly provider: string;
  /** Its pause keeps the broker from delivering, and is the truth where a hint was lost. */
  readonly consumer: WorkConsumer;
  /** A person's pause; the consumer's may have been lost with the broker's data. */
  readonly readPause: ReadPause;
  readonly logger: Logger;
  readonly observations: Observations;
}

/** Listens until disposed. */
export function shareGate(options: ShareGateOptions): ProviderGate & Disposable {
  const { broker, provider, consumer, readPause, logger, observations } = options;
  const gate = createProviderGate({
    ...{ provider, logger },
    async readHold() {
      if (await readPause(provider)) return pausedForGood;
      if (!broker.isConnected()) throw new Error("the broker is away");
      return readHold(broker, consumer);
    },
    onChanged(change) {
      broadcast(broker, gateChanged.create(change));
      if (change.until === undefined) return;
      observations.gateClosed(provider, change.change);
      holdConsumer(broker, consumer, new Date(change.until)).catch((error: unknown) => {
        logger.warn({ provider, error: String(error) }, "the consumer is not paused: the broker is away");
      });
    },
  });
  const hints = watchSubject(broker, `gate.${provider}`, gateChanged, gate.heed);
  return { ...gate, [Symbol.dispose]: () => hints[Symbol.dispose]() };
}

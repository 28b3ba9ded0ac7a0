/** Runs a handler over its consumer's messages. What becomes of each message is `handle-delivery.ts`. */
import type { JsMsg } from "@nats-io/jetstream";
import type { ConsumerDefinition, Message } from "@tirage/contracts";
import { type Broker, internals } from "./broker.ts";
import type { Handler } from "./define-handler.ts";
import { handleDelivery } from "./handle-delivery.ts";
import { createHeartbeats } from "./heartbeats.ts";
import { createIntake, type Intake } from "./intake.ts";
import { publish } from "./publish.ts";
import { keepPulling, type PullLoop } from "./pull.ts";
import { createSlots } from "./slots.ts";

export interface ConsumeOptions {
  /** Deliveries handled at once by this replica. */
  readonly slots: number;
  /** Whether messages are fetched ahead of need: right for work of microseconds, wrong for work that takes long. */
  readonly ahead: boolean;
  /** How results leave; each alone when absent. See `createBundlingPublisher`. */
  readonly publishOnce?: (message: Message) => Promise<unknown>;
}

/** Disposing stops pulling, tells handlers to finish or hand back, and resolves when none runs any more. */
export interface Consumption extends AsyncDisposable {
  readonly running: number;
}

/** A consumption that can be told to take nothing new for a while. */
export interface PausableConsumption extends Consumption {
  readonly intake: Pick<Intake, "isDry" | "open" | "close">;
}

/** Starts handling a consumer's messages. The consumer must have been applied (`applyTopology`). */
export function consume<Consumer extends ConsumerDefinition>(
  broker: Broker,
  handler: Handler<Consumer>,
  options: ConsumeOptions,
): PausableConsumption {
  const { logger } = broker[internals];
  const { consumer } = handler;
  const stopping = new AbortController();
  const { signal } = stopping;
  const intake = createIntake(signal);
  const slots = createSlots(options.slots);
  const heartbeats = createHeartbeats(consumer.acknowledgeWaitMs);
  const running = new Set<Promise<void>>();
  const publishOnce = options.publishOnce ?? ((message: Message) => publish(broker, message));
  const runtime = { broker, handler, logger, signal, publishOnce };

  const receive = (message: JsMsg) => {
    slots.take();
    heartbeats.add(message);
    const handled = handleDelivery(runtime, message).finally(() => {
      heartbeats.remove(message);
      running.delete(handled);
      slots.release();
    });
    running.add(handled);
  };
  const demand: PullLoop["demand"] = options.ahead
    ? { kind: "ahead", messages: options.slots }
    : { kind: "slots", slots };
  const pulling = keepPulling({ broker, consumer, demand, intake, signal, receive });
  return {
    intake,
    get running() {
      return slots.inUse;
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      slots.close();
      await pulling;
      while (running.size > 0) await Promise.all(running);
      heartbeats[Symbol.dispose]();
    },
  };
}

/**
 * For a consumer whose messages are held rather than handled: the dispatcher takes turns one by one as there is room.
 * What is held is kept alive until it is released or replaced.
 */

import type { JsMsg } from "@nats-io/jetstream";
import type { ConsumerDefinition } from "@tirage/contracts";
import { type Broker, internals } from "./broker.ts";
import type { Consumed } from "./define-handler.ts";
import { toError } from "./errors.ts";
import { createHeartbeats, type Heartbeats } from "./heartbeats.ts";
import { NewerVersionError, newerVersionDelayMs } from "./newer-version.ts";
import { keepPulling } from "./pull.ts";
import { readEvents } from "./read-delivery.ts";
import { deadLetterMessage, giveBack } from "./settle.ts";

const confirmationTimeoutMs = 5_000;

export type HeldMessage<Consumer extends ConsumerDefinition> = Consumed<Consumer> & Holding;

export interface Holding {
  readonly sequence: number;
  /** Ends it, confirmed by the broker. */
  release(): Promise<void>;
  /** It was replaced by a newer message of its subject and is gone already: only forget it. */
  forget(): void;
  giveBack(delayMs: number): void;
}

export interface HeldMessages<Consumer extends ConsumerDefinition> extends AsyncDisposable {
  /** The next message held, in order of arrival. */
  take(): HeldMessage<Consumer> | undefined;
  readonly size: number;
}

/** The message for who takes it; undefined when it cannot be read, and was dead-lettered or given back instead. */
function asHeld<Consumer extends ConsumerDefinition>(
  message: JsMsg,
  { broker, consumer, heartbeats }: { broker: Broker; consumer: Consumer; heartbeats: Heartbeats },
): HeldMessage<Consumer> | undefined {
  const { logger } = broker[internals];
  try {
    const [event] = readEvents(message, consumer);
    const holding: Holding = {
      sequence: message.seq,
      async release() {
        heartbeats.remove(message);
        await message.ackAck({ timeout: confirmationTimeoutMs });
      },
      forget: () => heartbeats.remove(message),
      giveBack(delayMs) {
        heartbeats.remove(message);
        giveBack(message, delayMs);
      },
    };
    return Object.assign({}, event as unknown as Consumed<Consumer>, holding);
  } catch (error) {
    heartbeats.remove(message);
    if (error instanceof NewerVersionError) {
      logger.error({ subject: message.subject, reason: error.message }, "message of a newer version is given back");
      giveBack(message, newerVersionDelayMs);
      return undefined;
    }
    logger.error({ subject: message.subject, error: String(error) }, "message is dead-lettered");
    void deadLetterMessage(broker, message, consumer, { code: "malformed", reason: toError(error).message });
    return undefined;
  }
}

/** Starts holding a consumer's messages, up to `messages`; `onArrival` is called after each. */
export function holdMessages<Consumer extends ConsumerDefinition>(
  broker: Broker,
  consumer: Consumer,
  { messages, onArrival }: { messages: number; onArrival: () => void },
): HeldMessages<Consumer> {
  const stopping = new AbortController();
  const heartbeats = createHeartbeats(consumer.acknowledgeWaitMs);
  const runtime = { broker, consumer, heartbeats };
  const held: JsMsg[] = [];

  const receive = (message: JsMsg) => {
    if (stopping.signal.aborted) return giveBack(message, 0);
    heartbeats.add(message);
    held.push(message);
    onArrival();
  };
  const pulling = keepPulling({
    broker,
    consumer,
    demand: { kind: "ahead", messages },
    signal: stopping.signal,
    receive,
  });
  return {
    get size() {
      return held.length;
    },
    take() {
      for (let message = held.shift(); message; message = held.shift()) {
        const readable = asHeld(message, runtime);
        if (readable) return readable;
      }
      return undefined;
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await pulling;
      for (const message of held.splice(0)) giveBack(message, 0);
      heartbeats[Symbol.dispose]();
    },
  };
}

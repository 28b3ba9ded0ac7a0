/** How messages come to a handler: pull loops that outlive every outage and the loss of the consumer itself. */
import { setTimeout as delay } from "node:timers/promises";
import type { Consumer, ConsumerMessages, JsMsg } from "@nats-io/jetstream";
import type { ConsumerDefinition } from "@tirage/contracts";
import { type Broker, internals } from "./broker.ts";
import type { Intake } from "./intake.ts";
import type { Slots } from "./slots.ts";

export interface PullLoop {
  readonly broker: Broker;
  readonly consumer: ConsumerDefinition;
  /**
   * `slots`: the broker is asked only for as many messages as there are free slots, for work that takes long.
   * `ahead`: a stock of messages is kept on this side, for work that takes microseconds.
   */
  readonly demand:
    | { readonly kind: "slots"; readonly slots: Slots }
    | { readonly kind: "ahead"; readonly messages: number };
  /** Closed at times; always open when absent. */
  readonly intake?: Intake | undefined;
  readonly signal: AbortSignal;
  receive(message: JsMsg): void;
}

/**
 * A pull request is renewed this often. The broker gives messages to a frozen process for as long as its request stands,
 * so this bounds how long a freeze delays what others could handle; an idle request costs nothing in between.
 */
const pullExpiresMs = 5_000;
const retryDelayMs = 250;

/** One pull after another, each for the slots that are free. */
async function pullIntoFreeSlots(source: Consumer, slots: Slots, { signal, receive }: PullLoop): Promise<void> {
  while (!signal.aborted) {
    const free = await slots.free();
    if (free === 0 || signal.aborted) return;
    const messages = await source.fetch({ max_messages: free, expires: pullExpiresMs });
    const stop = () => void messages.close();
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    try {
      for await (const message of messages) receive(message);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }
}

function restoreWhenMissing(broker: Broker, messages: ConsumerMessages): void {
  const { topology } = broker[internals];
  const suspicious = new Set(["consumer_deleted", "consumer_not_found", "stream_not_found", "heartbeats_missed"]);
  void (async () => {
    for await (const { type } of messages.status()) if (suspicious.has(type)) topology.restore(type);
  })();
}

async function pullAhead(source: Consumer, count: number, { broker, signal, receive }: PullLoop): Promise<void> {
  const messages = await source.consume({ max_messages: count, expires: pullExpiresMs });
  restoreWhenMissing(broker, messages);
  const stop = () => void messages.close();
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    for await (const message of messages) receive(message);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** Pulls until the signal; resolves when no more messages will be received. */
export async function keepPulling(loop: PullLoop): Promise<void> {
  const { jetstream, topology, logger } = loop.broker[internals];
  const { stream, durable } = loop.consumer;
  const { demand, intake } = loop;
  const pull = async (signal: AbortSignal) => {
    const source = await jetstream.consumers.get(stream.name, durable);
    if (demand.kind === "ahead") await pullAhead(source, demand.messages, { ...loop, signal });
    else await pullIntoFreeSlots(source, demand.slots, { ...loop, signal });
  };
  while (!loop.signal.aborted) {
    try {
      await (intake ? intake.ask(pull) : pull(loop.signal));
    } catch (error) {
      if (loop.signal.aborted) return;
      logger.debug({ durable, error: String(error) }, "pull was interrupted");
      topology.restore("a pull was interrupted");
      await delay(retryDelayMs, undefined, { signal: loop.signal }).catch(() => undefined);
    }
  }
}

/**
 * Item events that are ready in the same tick travel as one message: more than twice the throughput, and no timer, so
 * nothing waits. A lone event travels as itself.
 */
import { identifier, itemBundle, itemEventDefinitions, type Message, maximumBodyBytes } from "@tirage/contracts";
import { z } from "zod";
import type { Broker } from "./broker.ts";
import { describeUnreadable } from "./describe-unreadable.ts";
import { toError } from "./errors.ts";
import { NewerVersionError, refuseNewerVersion } from "./newer-version.ts";
import { publish } from "./publish.ts";
import { traceHeaders } from "./trace-context.ts";

export interface ReadEvent {
  readonly id: string;
  readonly name: string;
  readonly payload: unknown;
  readonly traceparent?: string | undefined;
}

const definitionOfType = new Map<string, (typeof itemEventDefinitions)[number]>(
  itemEventDefinitions.map((definition) => [definition.type, definition]),
);

/** An event of a bundle that cannot be read, as the message that it would be alone. */
export interface UnreadableEvent {
  readonly message: Message;
  readonly reason: string;
}

/**
 * The events of a bundle, each parsed by its own schema, and those that cannot be read.
 * @throws NewerVersionError when an event is of a version that is not known yet, and whatever parsing the bundle throws.
 */
export function unbundle(body: unknown): { events: ReadEvent[]; unreadable: UnreadableEvent[] } {
  const events: ReadEvent[] = [];
  const unreadable: UnreadableEvent[] = [];
  for (const { id, type, traceparent, data } of itemBundle.read(body).events) {
    const definition = definitionOfType.get(type);
    try {
      refuseNewerVersion(type, { consumes: itemEventDefinitions });
      if (!definition) throw new Error(`a bundle holds an event of unknown type ${type}`);
      events.push({ id, name: definition.name, payload: definition.read(data), traceparent });
    } catch (error) {
      if (error instanceof NewerVersionError) throw error;
      unreadable.push({ message: aloneAs({ id, type, data }), reason: describeUnreadable(error, data) });
    }
  }
  return { events, unreadable };
}

const concerned = z.object({ orderId: identifier, index: z.int().min(0) });

/** Its subject is that of its kind, and of its item where it says so. */
function aloneAs({ id, type, data }: { id: string; type: string; data: unknown }): Message {
  const name = /^tirage\.(item\.[a-z_]+)\.v\d+$/.exec(type)?.[1] ?? "item.unknown";
  const item = concerned.safeParse(data).data;
  return {
    name,
    type,
    id,
    payload: data,
    subject: item ? `${name}.${item.orderId}.${item.index}` : `${name}.unreadable`,
  };
}

/** Room for the envelope of the bundle itself. */
const bundleBytes = maximumBodyBytes - 4_096;

interface Waiting {
  readonly message: Message;
  readonly traceparent: string | undefined;
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Cuts what waits into runs that fit one message each. */
function cutIntoBundles(waiting: readonly Waiting[]): Waiting[][] {
  const bundles: Waiting[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const event of waiting) {
    if (bytes + event.bytes > bundleBytes) {
      bundles.push([]);
      bytes = 0;
    }
    bundles.at(-1)?.push(event);
    bytes += event.bytes;
  }
  return bundles;
}

/**
 * A publisher that bundles item events. Resolves once the message that carries the event is confirmed.
 * @throws PublishError for every event of a bundle that was not confirmed.
 */
export function createBundlingPublisher(broker: Broker, workerId: string): (message: Message) => Promise<void> {
  let waiting: Waiting[] = [];

  const send = async (events: Waiting[]) => {
    const [first] = events;
    if (!first) return;
    try {
      if (events.length === 1) {
        await publish(broker, first.message);
      } else {
        const contents = events.map(({ message, traceparent }) => ({
          id: message.id,
          type: message.type,
          ...(traceparent ? { traceparent } : {}),
          data: message.payload as never,
        }));
        await publish(broker, itemBundle.create({ workerId, bundleId: crypto.randomUUID(), events: contents }));
      }
      for (const event of events) event.resolve();
    } catch (error) {
      for (const event of events) event.reject(toError(error));
    }
  };
  const flush = () => {
    const events = waiting;
    waiting = [];
    for (const bundle of cutIntoBundles(events)) void send(bundle);
  };
  return (message) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush);
      const bytes = Buffer.byteLength(JSON.stringify(message.payload)) + 256;
      waiting.push({ message, traceparent: traceHeaders().traceparent, bytes, resolve, reject });
    });
}

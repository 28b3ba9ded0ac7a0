/** Who is alive: each replica keeps an entry that vanishes 15 s after its last refresh. Nothing else is kept there. */
import { StorageType } from "@nats-io/jetstream";
import { type KV, Kvm } from "@nats-io/kv";
import { type Replica, replica, type Worker } from "@tirage/contracts";
import { type Broker, internals } from "./broker.ts";
import { withinTime } from "./broker-away.ts";

const bucketName = "alive";
const entryLivesMs = 15_000;
const refreshEveryMs = 5_000;
const answerTimeoutMs = 5_000;

function openBucket(broker: Broker): Promise<KV> {
  return new Kvm(broker[internals].jetstream).create(bucketName, {
    history: 1,
    ttl: entryLivesMs,
    storage: StorageType.Memory,
  });
}

export interface Presence extends AsyncDisposable {
  /** Tells at once what has changed, instead of at the next refresh. Waits for nothing. */
  refresh(): void;
}

/** Keeps this replica's entry fresh until disposed, through broker outages and the loss of the bucket. */
export function announcePresence(broker: Broker, describe: () => Replica): Presence {
  const { logger } = broker[internals];
  let bucket: KV | undefined;
  const refresh = async () => {
    const entry = replica.parse(describe());
    try {
      bucket ??= await openBucket(broker);
      await bucket.put(`${entry.service}.${entry.id}`, JSON.stringify(entry));
    } catch (error) {
      bucket = undefined;
      logger.debug({ error: String(error) }, "presence could not be announced; trying again");
    }
  };
  let refreshing = refresh();
  let isDue = false;
  // What is asked for while one is under way is one more, whose entry is newer than all that was asked for.
  const refreshNext = () => {
    if (isDue) return;
    isDue = true;
    refreshing = refreshing.then(() => {
      isDue = false;
      return refresh();
    });
  };
  const timer = setInterval(refreshNext, refreshEveryMs);
  timer.unref();
  return {
    refresh: refreshNext,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await refreshing;
      const { service, id } = describe();
      await bucket?.delete(`${service}.${id}`).catch(() => undefined);
    },
  };
}

/** Every replica alive now. */
export function readPresence(broker: Broker): Promise<Worker[]> {
  // Listing keys is a subscription, which by itself waits for a broker that stands still.
  return withinTime(readEntries(broker), answerTimeoutMs);
}

async function readEntries(broker: Broker): Promise<Worker[]> {
  const bucket = await openBucket(broker);
  const present: Worker[] = [];
  for await (const key of await bucket.keys()) {
    const entry = await bucket.get(key);
    if (entry?.operation !== "PUT") continue;
    const parsed = replica.safeParse(entry.json());
    if (parsed.success) present.push({ ...parsed.data, lastSeenAt: entry.created.toISOString() });
  }
  return present;
}

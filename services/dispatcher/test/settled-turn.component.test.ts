/** A broker that was killed keeps what it was told to remove; nobody is given it, and it is in the way. */
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { consumersFor, streams, turn, turnConsumer } from "@tirage/contracts";
import { buildOrderCreated } from "@tirage/contracts/testing";
import {
  applyTopology,
  connectBroker,
  holdMessages,
  listSubjects,
  publish,
  readConsumerDepth,
} from "@tirage/messaging";
import { silentLogger } from "@tirage/messaging/testing";
import { createTestDatabase, eventually, startServiceProcess, startTestNats } from "@tirage/testkit";
import { expect, test } from "vitest";
import { createRunQueue } from "../src/adapters/run-queue.ts";

const ring = { provider: "fal", lane: "standard", tenantId: "local" } as const;
const consumer = turnConsumer(ring.provider, ring.lane);

test("fault 20: the broker was killed and keeps a turn that is settled, the ring gets another and goes on", async ({
  skip,
}) => {
  await using nats = await startTestNats();
  const { storeDirectory } = nats;
  if (storeDirectory === undefined) return skip("the store of a container is out of reach");
  await using database = await createTestDatabase();
  await using broker = await connectBroker({ servers: [nats.url], service: "dispatcher", logger: silentLogger });
  await applyTopology(broker, consumersFor({ fal: 5 }));
  const messages = join(storeDirectory, "jetstream", "$G", "streams", streams.turn.name, "msgs");
  const kept = join(storeDirectory, "kept");
  const countTurns = async () => (await listSubjects(broker, streams.turn, "turn.>")).length;

  await publish(broker, turn.create({ ...ring, turnId: "settled" }));
  await cp(messages, kept, { recursive: true });
  {
    await using held = holdMessages(broker, consumer, { messages: 1, onArrival: () => undefined });
    const taken = await eventually(() => held.take());
    await taken.release();
    await eventually(async () => (await countTurns()) === 0);
  }
  // Once in good order, so that the consumer's state is on the disk.
  await nats.restart();
  await nats.kill9();
  await rm(messages, { recursive: true });
  await cp(kept, messages, { recursive: true });
  await nats.restart();
  await eventually(async () => (await countTurns()) === 1, { timeoutMs: 20_000 });
  expect(await readConsumerDepth(broker, consumer)).toMatchObject({ pending: 0, unacknowledged: 0 });
  const runQueue = createRunQueue(broker);
  await runQueue.addEntry({ order: buildOrderCreated({ provider: "fal" }).payload, next: 0, attempt: 1, epoch: 0 });

  await using _dispatcher = await startServiceProcess("dispatcher", {
    ...{ NATS_URL: nats.url, DATABASE_URL: database.url, PROVIDERS: "fal", PROVIDER_CONCURRENCY: "fal=5" },
  });

  await eventually(async () => (await listSubjects(broker, streams.work, ">")).length === 3, { timeoutMs: 30_000 });
}, 90_000);

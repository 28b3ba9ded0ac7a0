/** Gates of two replicas over a real broker, and a person's pause in a real Postgres. */
import { workConsumer } from "@tirage/contracts";
import { createPool } from "@tirage/database";
import { applyTopology, connectBroker, readHold, resumeConsumer } from "@tirage/messaging";
import { silentLogger } from "@tirage/messaging/testing";
import { createTestDatabase, eventually, startTestNats, type TestNats } from "@tirage/testkit";
import type pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { createPauseReader } from "../src/adapters/pause-reader.ts";
import type { ProviderGate } from "../src/flow/provider-gate.ts";
import { shareGate } from "../src/share-gate.ts";
import { rejection } from "./billed-worker.ts";
import { createRecordedObservations } from "./in-memory-ports.ts";

const consumer = workConsumer("fal", 10);
const resources = new AsyncDisposableStack();
let nats: TestNats;
let pool: pg.Pool;
let replicas: AsyncDisposableStack;

beforeAll(async () => {
  nats = resources.use(await startTestNats());
  const database = resources.use(await createTestDatabase());
  pool = createPool({ databaseUrl: database.url, applicationName: "test", max: 1, onError: () => undefined });
  resources.defer(() => pool.end());
});
afterAll(() => resources.disposeAsync());
beforeEach(() => {
  replicas = new AsyncDisposableStack();
});
afterEach(async () => {
  await pool.query("DELETE FROM provider_pauses");
  await replicas.disposeAsync();
});

async function openReplica() {
  const options = { servers: [nats.url], service: "generator", logger: silentLogger };
  const broker = replicas.use(await connectBroker(options));
  await applyTopology(broker, [consumer]);
  await resumeConsumer(broker, consumer);
  const observations = createRecordedObservations();
  const readPause = createPauseReader({ pool });
  const gate = replicas.use(
    shareGate({ broker, provider: "fal", consumer, readPause, logger: silentLogger, observations }),
  );
  return { broker, gate, observations };
}

/** Lets submits through one by one until the gate refuses one. */
const refusal = (gate: ProviderGate) =>
  eventually(
    () =>
      rejection(
        (async () => {
          using _pass = await gate.enter();
        })(),
      ),
    { timeoutMs: 10_000 },
  );
const gated = { code: "provider_gated" };

test("fault 35: shareGate: one replica is throttled, the other hears of it, a third that starts later reads it off the consumer", async () => {
  const one = await openReplica();
  const other = await openReplica();
  using _pass = await other.gate.enter();

  one.gate.record({ kind: "throttled", retryAfterMs: 60_000 });

  expect(await refusal(other.gate)).toMatchObject(gated);
  expect(other.gate.read().throttledUntilMs).toBe(one.gate.read().throttledUntilMs);
  expect(one.observations.lines).toEqual(["fal gate closed: throttled"]);
  expect(other.observations.lines).toEqual([]);
  await eventually(async () => (await readHold(other.broker, consumer)) !== undefined);
  const { broker, gate } = other;
  const options = { broker, provider: "fal", consumer, logger: silentLogger, observations: other.observations };
  using late = shareGate({ ...options, readPause: createPauseReader({ pool }) });
  expect(await rejection(late.enter())).toMatchObject(gated);
  expect(gate.read().throttledUntilMs).toBeGreaterThan(0);
});

test("shareGate: a person's pause that the broker knows nothing of, no submit until it is taken back", async () => {
  const { gate } = await openReplica();
  await pool.query("INSERT INTO provider_pauses (provider) VALUES ('fal')");
  expect(await refusal(gate)).toMatchObject(gated);
  await pool.query("DELETE FROM provider_pauses");
  await eventually(async () => !(await rejection(gate.enter())), { timeoutMs: 10_000 });
});

test("shareGate: a person's pause and the broker away, no submit", async () => {
  await using own = await startTestNats();
  const options = { servers: [own.url], service: "generator", logger: silentLogger };
  await using broker = await connectBroker(options);
  await applyTopology(broker, [consumer]);
  const observations = createRecordedObservations();
  const readPause = createPauseReader({ pool });
  using gate = shareGate({ broker, provider: "fal", consumer, readPause, logger: silentLogger, observations });
  await own.kill9();
  await eventually(() => !broker.isConnected());
  await pool.query("INSERT INTO provider_pauses (provider) VALUES ('fal')");
  expect(await refusal(gate)).toMatchObject(gated);
});

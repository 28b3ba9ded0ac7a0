/** The generator in its own process, with real servers around it and the provider sandbox in the place of the world. */
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type itemCompleted,
  itemEventsConsumer,
  itemIdOf,
  type Message,
  type PayloadOf,
  workConsumer,
  workRequested,
} from "@tirage/contracts";
import {
  applyTopology,
  type Broker,
  connectBroker,
  consumeBatches,
  defineBatchHandler,
  publish,
} from "@tirage/messaging";
import { silentLogger } from "@tirage/messaging/testing";
import { createProviderSandbox, type ProviderSandbox } from "@tirage/provider-sandbox";
import { createTestDatabase, eventually, startServiceProcess, startTestNats } from "@tirage/testkit";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

const concurrency = 10;
const resources = new AsyncDisposableStack();
let broker: Broker;
let sandbox: ProviderSandbox;
let blobFolder: string;
let variables: Record<string, string>;
/** Every item event that reached the stream, one by one. */
const events: { name: string; payload: PayloadOf<typeof itemCompleted> }[] = [];
let orders = 0;

beforeAll(async () => {
  const nats = resources.use(await startTestNats());
  const database = resources.use(await createTestDatabase());
  sandbox = resources.use(await createProviderSandbox({ maxImageEdgePx: 64 }));
  blobFolder = resources.adopt(await mkdtemp(join(tmpdir(), "generator-blobs-")), (folder) =>
    rm(folder, { recursive: true, force: true }),
  );
  broker = resources.use(await connectBroker({ servers: [nats.url], service: "generator-test", logger: silentLogger }));
  await applyTopology(broker, [
    itemEventsConsumer,
    ...["fal", "replicate", "null"].map((name) => workConsumer(name, 10)),
  ]);
  const recorder = defineBatchHandler({
    consumer: itemEventsConsumer,
    async handle(deliveries) {
      for (const { name, payload } of deliveries) {
        events.push({ name, payload: payload as PayloadOf<typeof itemCompleted> });
      }
      return [];
    },
  });
  resources.use(consumeBatches(broker, recorder, { maximumEvents: 1_000, prefetch: 1_000 }));
  variables = {
    ...{ NATS_URL: nats.url, DATABASE_URL: database.url, BLOB_URL: pathToFileURL(blobFolder).href },
    ...{ FAL_KEY: "fal-key", FAL_BASE_URL: sandbox.falBaseUrl, LOG_LEVEL: "debug" },
    ...{ REPLICATE_API_TOKEN: "replicate-token", REPLICATE_BASE_URL: sandbox.replicateBaseUrl },
    PROVIDER_CONCURRENCY: `fal=${concurrency},replicate=${concurrency},null=10`,
  };
});
afterAll(() => resources.disposeAsync());

beforeEach(async () => {
  events.length = 0;
  await controlSandbox({ latencyMs: 300 });
  await fetch(`${sandbox.url}/__ledger`, { method: "DELETE" });
});

const controlSandbox = (settings: { latencyMs: number }) =>
  fetch(`${sandbox.url}/__control`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(settings),
  });

const models: Record<string, string> = { fal: "fal-ai/flux/schnell", replicate: "black-forest-labs/flux-schnell" };

/** Works of a new order, not yet published. */
function worksOf(provider: string, count: number): Message[] {
  orders += 1;
  const orderId = `01920000-0000-7000-8000-${String(orders).padStart(6, "0")}000000`;
  return Array.from({ length: count }, (_, index) =>
    workRequested.create({
      ...{ itemId: itemIdOf(orderId, index), orderId, tenantId: "local", index, attempt: 1, epoch: 0 },
      ...{ provider, model: models[provider] ?? "null", batchSize: 2, prompt: "a canary at dusk", parameters: {} },
      seed: 1_000 + index,
    }),
  );
}

const publishAll = (works: readonly Message[]) => Promise.all(works.map((work) => publish(broker, work)));
const completed = () => events.filter(({ name }) => name === "item.completed").map(({ payload }) => payload);

/** Submissions that the providers accepted, and how many of those they had accepted before. */
async function readSandbox(): Promise<{ submissions: number; duplicates: number }> {
  const answer = await fetch(`${sandbox.url}/__ledger`);
  const { totals } = (await answer.json()) as { totals: { submissions: number; duplicates: number } };
  return { submissions: totals.submissions, duplicates: totals.duplicates };
}

test("work.requested: of two providers, ends in stored images, each bought once", async () => {
  await using generator = await startServiceProcess("generator", variables);
  const works = [...worksOf("fal", 3), ...worksOf("replicate", 3)];
  await publishAll(works);

  await eventually(() => completed().length === works.length, { timeoutMs: 20_000 });

  for (const { outputs, requested, produced, costMicroUsd } of completed()) {
    expect({ requested, produced }).toEqual({ requested: 2, produced: 2 });
    expect(costMicroUsd).toBeGreaterThan(0);
    for (const { storageKey, sha256, bytes } of outputs) {
      const stored = await readFile(join(blobFolder, storageKey));
      expect(createHash("sha256").update(stored).digest("hex")).toBe(sha256);
      expect(stored.length).toBe(bytes);
    }
  }
  expect(events.filter(({ name }) => name === "item.started")).toHaveLength(6);
  expect(await readSandbox()).toEqual({ submissions: 6, duplicates: 0 });
  const metrics = await (await fetch(`${generator.url}/metrics`)).text();
  expect(metrics).toMatch(/tirage_generations_total\{[^}]*provider="fal"[^}]*outcome="completed"[^}]*\} 3/);
  expect(generator.log()).not.toContain("canary");
  expect(await generator.end("SIGTERM")).toBe(0);
});

test("SIGTERM: while requests run, hands them back, and the next generator ends them without buying again", async () => {
  // It brings back what is handed back.
  await using _dispatcher = await startServiceProcess("dispatcher", variables);
  await using first = await startServiceProcess("generator", variables);
  const works = worksOf("fal", concurrency);
  await publishAll(works);
  await eventually(() => events.length > 0);

  expect(await first.end("SIGTERM")).toBe(0);
  const endedBefore = completed().length;
  await using _second = await startServiceProcess("generator", variables);
  await eventually(() => completed().length === works.length, { timeoutMs: 20_000 });

  expect(endedBefore).toBeLessThan(works.length);
  expect(await readSandbox()).toEqual({ submissions: works.length, duplicates: 0 });
});

test("fault 10: SIGKILL: while requests run, another generator resumes them after the lease and buys nothing again", async () => {
  await using first = await startServiceProcess("generator", { ...variables, LEASE_MS: "12000" });
  await using _second = await startServiceProcess("generator", { ...variables, LEASE_MS: "12000" });
  await controlSandbox({ latencyMs: 2_000 });
  const works = worksOf("replicate", concurrency);
  await publishAll(works);
  // Until each request is recorded: a kill between submit and checkpoint leaves its outcome unknown.
  await eventually(() => events.length === works.length);

  await first.end("SIGKILL");
  await eventually(() => completed().length === works.length, { timeoutMs: 55_000 });

  expect(await readSandbox()).toEqual({ submissions: works.length, duplicates: 0 });
}, 90_000);

test("fault 8: killed before its claim: another generator runs the item after the broker's wait, bought once", async () => {
  const works = worksOf("replicate", 1);
  // It brings back what a busy machine has put off, such as a submit that could not connect in time.
  await using _dispatcher = await startServiceProcess("dispatcher", variables);
  await using first = await startServiceProcess("generator", {
    ...variables,
    TIRAGE_FAILPOINTS: "before_claim=kill@1",
  });
  await publishAll(works);
  await eventually(() => first.log().includes("failpoint strikes"), { timeoutMs: 20_000 });
  await using _second = await startServiceProcess("generator", variables);

  await eventually(() => completed().length === works.length, { timeoutMs: 55_000 });

  expect(await first.end("SIGTERM")).toBe("SIGKILL");
  expect(await readSandbox()).toEqual({ submissions: works.length, duplicates: 0 });
}, 90_000);

test("fault 13: frozen for longer than its lease: another generator ends its items, and once it goes on it ends itself and changes nothing", async () => {
  await using frozen = await startServiceProcess("generator", { ...variables, LEASE_MS: "12000" });
  await controlSandbox({ latencyMs: 2_000 });
  const works = worksOf("replicate", concurrency);
  await publishAll(works);
  // Until each request is recorded: frozen between submit and checkpoint, it would leave its outcome unknown.
  await eventually(() => events.length === works.length);
  frozen.signal("SIGSTOP");
  await using _other = await startServiceProcess("generator", { ...variables, LEASE_MS: "12000" });
  await eventually(() => completed().length === works.length, { timeoutMs: 55_000 });
  const ended = structuredClone(completed());

  frozen.signal("SIGCONT");
  // Its watchdog finds that it stood still, and ends it; a process that has ended says nothing more.
  await eventually(() => frozen.log().includes("event loop"), { timeoutMs: 20_000 });
  await frozen.end("SIGTERM");

  const said = Map.groupBy(completed(), ({ itemId }) => itemId);
  expect(said.size).toBe(works.length);
  for (const { itemId, workerId } of ended) {
    expect(said.get(itemId)?.every((one) => one.workerId === workerId)).toBe(true);
  }
  expect(await readSandbox()).toEqual({ submissions: works.length, duplicates: 0 });
}, 120_000);

test("work.requested: of the unbilled provider, ends at once with neither database nor blob store", async () => {
  const unbilled = { ...variables, PROVIDERS: "null", DATABASE_URL: "postgres://nobody@127.0.0.1:1/nothing" };
  await using generator = await startServiceProcess("generator", unbilled);
  const works = worksOf("null", 500);
  await publishAll(works);

  await eventually(() => completed().length === works.length);

  expect(completed().every(({ produced, outputs }) => produced === 2 && outputs.length === 2)).toBe(true);
  expect(await generator.end("SIGTERM")).toBe(0);
});

/** A worker of a billed provider, with everything around it in memory. */
import { workConsumer } from "@tirage/contracts";
import { silentLogger } from "@tirage/messaging/testing";
import { createLimit } from "@tirage/service-kit";
import { createBilledGeneration } from "../src/flow/billed-generation.ts";
import { createProviderGate } from "../src/flow/provider-gate.ts";
import { createStopRequests } from "../src/flow/stop-requests.ts";
import { onWorkRequested } from "../src/handlers/work-requested.ts";
import { createWorkerActivity } from "../src/worker-activity.ts";
import { createInMemoryLedger } from "./in-memory-ledger.ts";
import {
  createFakeBlobs,
  createFakeFetch,
  createFakeProvider,
  createRecordedObservations,
  workOf,
} from "./in-memory-ports.ts";

/** Of the work that `workOf()` asks for. */
export const key = { itemId: workOf().payload.itemId, attempt: 1 };

export function billedWorker({
  leaseMs = 30_000,
  unknownGraceMs = 60_000,
  generationTimeoutMs = 60_000,
  onUnknown = "fail" as "fail" | "resubmit",
  resubmitMaxMicroUsd = 100_000,
} = {}) {
  const unknownPolicy = { graceMs: unknownGraceMs, onUnknown, resubmitsMax: 1, resubmitMaxMicroUsd };
  const provider = createFakeProvider();
  const ledger = createInMemoryLedger({ leaseMs });
  const fetched = createFakeFetch();
  const blobs = createFakeBlobs();
  const observations = createRecordedObservations();
  const activity = createWorkerActivity();
  const workerOf = (workerId: string) =>
    onWorkRequested({
      consumer: workConsumer("fal", 10),
      workerId,
      activity,
      observations,
      ledger,
      generate: createBilledGeneration({
        stopRequests: createStopRequests(),
        gate: createProviderGate({
          ...{ provider: "fal", logger: silentLogger },
          readHold: async () => undefined,
          onChanged: () => undefined,
        }),
        ...{ provider, ledger, blobs, observations, workerId, unknownPolicy, generationTimeoutMs },
        fetchOutput: fetched.fetchOutput,
        storeLimit: createLimit(4),
      }),
    });
  return { provider, ledger, fetched, blobs, observations, activity, workerOf, worker: workerOf("worker-1") };
}

/** What a promise is rejected with; undefined when it is not. */
export const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

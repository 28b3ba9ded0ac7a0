/** The outside of the generator, small and honest: what is asked of it is recorded, what it answers is set. */
import { setTimeout as delay } from "node:timers/promises";
import { workRequested } from "@tirage/contracts";
import type { Work } from "../src/domain/generation-result.ts";
import type {
  BilledProvider,
  BlobWriter,
  FetchedOutput,
  FetchOutput,
  Observations,
  RequestState,
  SubmitOutcome,
  SubmitRequest,
} from "../src/ports.ts";

export interface FakeProvider extends BilledProvider {
  readonly submissions: SubmitRequest[];
  readonly checks: string[];
  readonly cancelled: string[];
  /** What the next submits answer; accepted when there is nothing left. */
  readonly outcomes: SubmitOutcome[];
  /** What the next checks answer, or throw; succeeded when there is nothing left. */
  readonly states: (RequestState | Error)[];
  /** Request ids that the provider lists, by their nonce or by their input; it lists nothing when absent. */
  findSubmission?: BilledProvider["findSubmission"];
  /** Awaited by every submit before it answers. */
  beforeAnswer: () => Promise<void>;
}

export function createFakeProvider(): FakeProvider {
  const submissions: SubmitRequest[] = [];
  const provider: FakeProvider = {
    name: "fal",
    submissions,
    checks: [],
    cancelled: [],
    outcomes: [],
    states: [],
    beforeAnswer: async () => undefined,
    outputOrigins: ["https://v3.fal.media"],
    async submit(request) {
      submissions.push(request);
      await provider.beforeAnswer();
      return provider.outcomes.shift() ?? { kind: "accepted", requestId: `request-${submissions.length}` };
    },
    async check(requestId) {
      provider.checks.push(requestId);
      const state = provider.states.shift() ?? succeeded(2);
      if (state instanceof Error) throw state;
      return state;
    },
    async cancel(requestId) {
      provider.cancelled.push(requestId);
    },
    estimateCostMicroUsd: (_model, outputs) => outputs.length * 3_000,
  };
  return provider;
}

export const succeeded = (count: number): RequestState => ({
  kind: "succeeded",
  outputs: Array.from({ length: count }, (_, index) => ({ index, url: `https://v3.fal.media/${index}.png` })),
});

export interface FakeFetch {
  readonly fetchOutput: FetchOutput;
  readonly urls: string[];
  /** Thrown by the next fetches of a URL. */
  readonly failures: Map<string, Error[]>;
}

export function createFakeFetch(): FakeFetch {
  const urls: string[] = [];
  const failures = new Map<string, Error[]>();
  const fetchOutput: FetchOutput = async (url, { allowedOrigins, signal }): Promise<FetchedOutput> => {
    urls.push(url);
    await delay(1, undefined, { signal });
    const failure = failures.get(url)?.shift();
    if (failure) throw failure;
    if (!allowedOrigins.includes(new URL(url).origin)) throw new Error("the origin is not allowed");
    const bytes = new TextEncoder().encode(url);
    return { bytes, contentType: "image/png", extension: "png", width: 8, height: 6, sha256: "ab".repeat(32) };
  };
  return { fetchOutput, urls, failures };
}

export interface FakeBlobs extends BlobWriter {
  readonly stored: Map<string, string>;
  /** Thrown by the next writes. */
  readonly failures: Error[];
}

export function createFakeBlobs(): FakeBlobs {
  const stored = new Map<string, string>();
  const failures: Error[] = [];
  return {
    stored,
    failures,
    async put(key, bytes) {
      const failure = failures.shift();
      if (failure) throw failure;
      stored.set(key, new TextDecoder().decode(bytes));
    },
  };
}

export interface RecordedObservations extends Observations {
  /** Each as one line. */
  readonly lines: string[];
}

export function createRecordedObservations(): RecordedObservations {
  const lines: string[] = [];
  return {
    lines,
    step: (provider, step) => void lines.push(`${provider} step ${step}`),
    ended: (provider, outcome) => void lines.push(`${provider} ended ${outcome}`),
    newAttempt: (provider) => void lines.push(`${provider} new attempt`),
    gateClosed: (provider, reason) => void lines.push(`${provider} gate closed: ${reason}`),
    submitUnknown: (provider) => void lines.push(`${provider} submit unknown`),
    submitUnknownDecided: (provider, by) => void lines.push(`${provider} submit unknown decided by ${by}`),
    surplusOutputs: (provider, count) => void lines.push(`${provider} ${count} surplus outputs`),
    surplusRequest: (provider) => void lines.push(`${provider} surplus request`),
  };
}

const orderId = "01920000-0000-7000-8000-000000000000";

/** Generation 3 of an order, asking two outputs. */
export function workOf(changes: Partial<Work> = {}) {
  return workRequested.create({
    itemId: "01920000-0000-7000-8000-000000000003",
    orderId,
    tenantId: "local",
    index: 3,
    attempt: 1,
    epoch: 0,
    batchSize: 2,
    provider: "fal",
    model: "fal-ai/flux/schnell",
    prompt: "a lighthouse at dusk",
    parameters: { steps: 4 },
    seed: 1_003,
    ...changes,
  });
}

/** A provider of the sandbox and what the tests of the provider adapters ask of it. */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { RetryLaterError } from "@tirage/messaging";
import { createProviderSandbox, type FaultRule, type ProviderSandbox } from "@tirage/provider-sandbox";
import { createLogger } from "@tirage/service-kit";
import { expect, vi } from "vitest";
import { createProviders } from "../src/adapters/create-providers.ts";
import type { BilledProvider, RequestState, SubmitRequest } from "../src/ports.ts";

export const silentLogger = createLogger({ service: "test", instanceId: "test", level: "silent" });

export const modelOf = { fal: "fal-ai/flux/schnell", replicate: "black-forest-labs/flux-schnell" } as const;
export type ProviderName = keyof typeof modelOf;

export function requestOf(name: ProviderName, changes: Partial<SubmitRequest> = {}): SubmitRequest {
  const model = modelOf[name];
  const prompt = "a lighthouse at dusk";
  return {
    model,
    modelVersion: undefined,
    prompt,
    parameters: {},
    batchSize: 3,
    seed: 7,
    nonce: "nonce-1",
    ...changes,
  };
}

/** What the sandbox took down. */
export interface SandboxLedger {
  readonly totals: { submissions: number; billed: number; paidTwice: number };
  readonly submissions: readonly { id: string; model: string; input: object; webhook?: string; version?: string }[];
}

export interface SandboxFixture extends AsyncDisposable {
  readonly sandbox: ProviderSandbox;
  provider(name: ProviderName, changes?: { publicUrl?: string }): BilledProvider;
  readLedger(): Promise<SandboxLedger>;
  /** How often the first rule's occasion came: the number of requests that reached it. */
  countOccasions(): Promise<number>;
}

export async function startSandbox(rules: readonly FaultRule[] = [], latencyMs = 5): Promise<SandboxFixture> {
  const sandbox = await createProviderSandbox({ latencyMs, rules, maxImageEdgePx: 64 });
  const { falBaseUrl, replicateBaseUrl } = sandbox;
  const read = async (path: string) => (await fetch(new URL(path, sandbox.url))).json();
  return {
    sandbox,
    provider(name, changes = {}) {
      const providers = createProviders({
        enabled: [name],
        fal: { key: "fal-key", baseUrl: falBaseUrl },
        replicate: { token: "replicate-token", baseUrl: replicateBaseUrl },
        publicUrl: changes.publicUrl,
        logger: silentLogger,
      });
      const provider = providers.get(name);
      if (!provider) throw new Error(`no provider ${name}`);
      return provider;
    },
    readLedger: async () => (await read("/__ledger")) as SandboxLedger,
    async countOccasions() {
      const { rules: dialled } = (await read("/__control")) as { rules: { occasions: number }[] };
      return dialled[0]?.occasions ?? 0;
    },
    [Symbol.asyncDispose]: () => sandbox.close(),
  };
}

/** Submits and expects to be accepted. */
export async function submitAccepted(provider: BilledProvider, request: SubmitRequest): Promise<string> {
  const outcome = await provider.submit(request);
  if (outcome.kind !== "accepted") throw new Error(`not accepted: ${JSON.stringify(outcome)}`);
  return outcome.requestId;
}

/** Asks until the request has ended; `retries` are the answers that said to ask again. */
export async function follow(
  provider: BilledProvider,
  requestId: string,
  model: string,
): Promise<{ state: RequestState; retries: readonly RetryLaterError[] }> {
  const retries: RetryLaterError[] = [];
  const state = await vi.waitUntil(
    async () => {
      const answer = await checkOnce(provider, requestId, model);
      if (answer instanceof RetryLaterError) retries.push(answer);
      return !(answer instanceof RetryLaterError) && answer.kind !== "running" && answer;
    },
    { timeout: 10_000, interval: 10 },
  );
  return { state, retries };
}

async function checkOnce(
  provider: BilledProvider,
  requestId: string,
  model: string,
): Promise<RequestState | RetryLaterError> {
  try {
    return await provider.check(requestId, { model }, AbortSignal.timeout(10_000));
  } catch (error) {
    if (error instanceof RetryLaterError) return error;
    throw error;
  }
}

/** Notes every host that this process connects to; `stop` expects that it never was another machine. */
export function watchConnections(): { stop(): void } {
  const hosts = new Set<string>();
  const note = (message: unknown) => {
    hosts.add((message as { connectParams: { hostname: string } }).connectParams.hostname);
  };
  subscribe("undici:client:beforeConnect", note);
  return {
    stop() {
      unsubscribe("undici:client:beforeConnect", note);
      expect([...hosts]).toEqual(["127.0.0.1"]);
    },
  };
}

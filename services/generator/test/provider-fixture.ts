/** A provider of the sandbox and what the tests of the provider adapters ask of it. */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { RetryLaterError } from "@tirage/messaging";
import { createProviderSandbox, type FaultRule, type ProviderSandbox } from "@tirage/provider-sandbox";
import { createLogger } from "@tirage/service-kit";
import { expect, onTestFinished, vi } from "vitest";
import { createProviders } from "../src/adapters/create-providers.ts";
import { createFalProvider } from "../src/adapters/fal-provider.ts";
import { createReplicateProvider } from "../src/adapters/replicate-provider.ts";
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

/** A provider at another address, whose submit is given up early. */
export function createHastyProvider(name: ProviderName, url: string): BilledProvider {
  const shared = { callbackUrl: () => undefined, logger: silentLogger, submitTimeoutMs: 300 };
  return name === "fal"
    ? createFalProvider({ ...shared, key: "key", baseUrl: url })
    : createReplicateProvider({ ...shared, token: "token", baseUrl: `${url}/v1` });
}

/** A server that answers everything with `body` and notes what it was asked. */
export async function startRecorder(body: unknown) {
  const seen: { path: string | undefined; headers: IncomingHttpHeaders }[] = [];
  const server = createServer((request, response) => {
    seen.push({ path: request.url, headers: request.headers });
    request.resume();
    response.setHeader("content-type", "application/json").end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
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

import type { FaultRule, ProviderSandbox } from "../src/index.ts";
import { localFetch, waitUntil } from "./clients.ts";

/** An answer as a client without any retry of its own sees it; `reset` stands for a connection that broke. */
export interface Seen {
  readonly status: number | "reset";
  readonly headers: Headers;
  readonly text: string;
  /** The text as JSON; undefined when it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever a provider answered
  readonly json: any;
}

/** The ledger as `GET /__ledger` gives it. */
interface SeenLedger {
  readonly totals: Record<string, number>;
  readonly submissions: readonly Record<string, unknown>[];
}

/** Both protocols on bare HTTP, so that what is seen is what the sandbox sent, once. */
export interface ProviderWorld {
  readonly provider: "fal" | "replicate";
  submit(input?: object, query?: string): Promise<Seen>;
  read(id: string): Promise<Seen>;
  /** Reads until the job is over, and gives the last answer. */
  readEnd(id: string): Promise<Seen>;
  /** Submits an order for four images and gives the addresses of its outputs. */
  produce(): Promise<string[]>;
  cancel(id: string): Promise<Seen>;
  download(url: string): Promise<Seen>;
  dial(...rules: FaultRule[]): Promise<void>;
  ledger(): Promise<SeenLedger>;
}

const models = { fal: "fal-ai/flux/schnell", replicate: "black-forest-labs/flux-schnell" } as const;

export function createWorld(sandbox: ProviderSandbox, provider: "fal" | "replicate"): ProviderWorld {
  const isFal = provider === "fal";
  const queue = `${sandbox.falBaseUrl}/queue.fal.run`;
  const requests = isFal ? `${queue}/fal-ai/flux/requests` : `${sandbox.replicateBaseUrl}/predictions`;
  const model = models[provider];
  const submitUrl = isFal ? `${queue}/${model}` : `${sandbox.replicateBaseUrl}/models/${model}/predictions`;
  const order = (input: object) => ({ prompt: "a harbour", [isFal ? "num_images" : "num_outputs"]: 4, ...input });

  const world: ProviderWorld = {
    provider,
    submit: (input = {}, query = "") =>
      see(`${submitUrl}${query}`, "POST", isFal ? order(input) : { input: order(input) }),
    read: (id) => see(`${requests}/${id}`, "GET"),
    readEnd: (id) => waitUntil(() => world.read(id), isOver),
    async produce() {
      const { json } = await world.submit();
      const end = await world.readEnd(json.request_id ?? json.id);
      return isFal ? end.json.images.map(({ url }: { url: string }) => url) : end.json.output;
    },
    cancel: (id) => see(`${requests}/${id}/cancel`, isFal ? "PUT" : "POST"),
    download: (url) => see(url, "GET"),
    async dial(...rules) {
      const { status, text } = await see(`${sandbox.url}/__control`, "POST", { rules });
      if (status !== 200) throw new Error(text);
    },
    ledger: async () => (await see(`${sandbox.url}/__ledger`, "GET")).json,
  };
  return world;
}

function isOver({ status, json }: Seen): boolean {
  const inProgress = json?.detail === "Request is still in progress";
  return status !== "reset" && !inProgress && json?.status !== "starting" && json?.status !== "processing";
}

async function see(url: string, method: string, body?: object): Promise<Seen> {
  try {
    const response = await localFetch(url, {
      method,
      headers: { authorization: "Bearer key", "content-type": "application/json" },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(2000),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: readJson(text) };
  } catch (error) {
    if (!isReset(error)) throw error;
    return { status: "reset", headers: new Headers(), text: "", json: undefined };
  }
}

/** undici wraps the reset of a connection; a body that breaks off comes as `terminated`. */
function isReset(error: unknown): boolean {
  return error instanceof TypeError && (error.message === "fetch failed" || error.message === "terminated");
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { type Client, createClient } from "@tirage/client";
import { UsageError } from "./failures.ts";
import { createOutput, type Output } from "./output/output.ts";
import type { Surroundings } from "./surroundings.ts";

/** What every command takes. */
export interface GlobalFlags {
  readonly apiUrl?: string;
  readonly apiKey?: string;
  readonly json?: boolean;
}

/** One run of one command. */
export interface Session extends Surroundings {
  readonly apiUrl: string;
  readonly client: Client;
  readonly output: Output;
  /** Whether the API said that the last order was one that it had accepted before, under the same key. */
  wasReplayed(): boolean;
  /** The console's page of an order. */
  pageOf(orderId: string): string;
}

/** Opened by a command's action, when the flags are known. */
export type OpenSession = (options?: { readonly retries?: number }) => Session;

export const defaultApiUrl = "http://localhost:8080";

export function openSession(surroundings: Surroundings, flags: GlobalFlags, retries?: number): Session {
  const { environment } = surroundings;
  const apiUrl = readApiUrl(flags.apiUrl ?? (environment.TIRAGE_API_URL || defaultApiUrl));
  const apiKey = readApiKey(flags.apiKey ?? (environment.TIRAGE_API_KEY || undefined));
  let isReplay = false;
  const client = createClient({
    baseUrl: apiUrl,
    apiKey,
    retries,
    async fetch(address, init) {
      const response = await fetch(address, init);
      if (init?.method === "POST") isReplay = response.headers.get("idempotent-replayed") === "true";
      return response;
    },
  });
  return {
    ...surroundings,
    apiUrl,
    client,
    output: createOutput(surroundings, flags.json === true),
    wasReplayed: () => isReplay,
    pageOf: (orderId) => `${apiUrl}/orders/${orderId}`,
  };
}

/** Without a slash at the end. What is wrong with it is told without it: it may hold a password. */
function readApiUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`--api-url must be an http:// or https:// address, such as ${defaultApiUrl}`);
  }
  if (url.username || url.password) {
    throw new UsageError("--api-url must not hold a name or a password; give the key as TIRAGE_API_KEY");
  }
  if (url.search || url.hash) throw new UsageError("--api-url must end with its path");
  return url.href.replace(/\/+$/, "");
}

/** What a header cannot carry would be told whole by the platform's own error. */
function readApiKey(text: string | undefined): string | undefined {
  const key = text?.trim();
  if (key === undefined) return undefined;
  if (!/^[\x21-\x7e]+$/.test(key)) throw new UsageError("the API key must be printable characters without spaces");
  return key;
}

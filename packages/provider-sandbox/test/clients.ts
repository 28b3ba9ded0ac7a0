import { createFalClient, type FalClient } from "@fal-ai/client";
import Replicate from "replicate";
import type { ProviderSandbox } from "../src/index.ts";

/** A fetch that never leaves this machine: the real providers would charge for what these tests do. */
export const localFetch: typeof fetch = async (input, init) => {
  const url = new URL(input instanceof Request ? input.url : input);
  if (url.hostname !== "127.0.0.1") throw new Error(`a test tried to reach ${url.href}`);
  return fetch(input, init);
};

/** The official fal client, its requests sent to the sandbox as FAL_BASE_URL says. */
export function createTestFal({ falBaseUrl }: ProviderSandbox, credentials = "key-id:key-secret"): FalClient {
  return createFalClient({
    credentials,
    fetch: localFetch,
    requestMiddleware: async (request) => ({
      ...request,
      url: request.url.replace(/^https:\/\//, `${falBaseUrl}/`),
    }),
  });
}

/** The official Replicate client against the sandbox. */
export function createTestReplicate({ replicateBaseUrl }: ProviderSandbox, auth = "r8_test"): Replicate {
  return new Replicate({ auth, baseUrl: replicateBaseUrl, fetch: localFetch, useFileOutput: false });
}

/** Asks again until the answer is what is waited for. */
export async function waitUntil<T>(ask: () => Promise<T>, isDone: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + 5000;
  for (;;) {
    const answer = await ask();
    if (isDone(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`still waiting after 5 s; the last answer: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The person who mends an account that a provider has refused, and has the generators go on. */
import { setTimeout as delay } from "node:timers/promises";

const lookEveryMs = 1_000;
const timeoutMs = 5_000;

interface Queue {
  readonly provider: string | null;
  readonly gate?: { readonly state: string } | null;
}

async function mendOnce(apiUrl: string): Promise<void> {
  const response = await fetch(`${apiUrl}/v1/queues`, { signal: AbortSignal.timeout(timeoutMs) });
  const { data } = (await response.json()) as { data: Queue[] };
  for (const { provider, gate } of data) {
    if (gate?.state !== "stopped") continue;
    const url = `${apiUrl}/v1/queues/${provider}/resume`;
    await fetch(url, { method: "POST", signal: AbortSignal.timeout(timeoutMs) });
  }
}

/** Looks every second until disposed, through every outage of the API. */
export function mendAccounts(apiUrl: string): AsyncDisposable {
  const stopping = new AbortController();
  const mending = (async () => {
    while (!stopping.signal.aborted) {
      await mendOnce(apiUrl).catch(() => undefined);
      await delay(lookEveryMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await mending;
    },
  };
}

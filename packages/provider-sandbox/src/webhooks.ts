import { setTimeout as sleep } from "node:timers/promises";

/**
 * Waits before each attempt. Both providers repeat a callback for hours, at growing distances; the sandbox, whose jobs
 * take a second, for ten minutes and at small ones.
 */
const attemptDelaysMs = [0, 250, 1000, 4000, ...Array.from({ length: 75 }, () => 8000)];
const attemptTimeoutMs = 5000;
/** Callbacks under way at most; more are dropped, as a callback is only a hint. */
const maxPending = 10_000;

/** Calls customers back. */
export interface WebhookSender {
  /** Posts a JSON text until it is answered 2xx, some times at most. `sign` is asked anew for every attempt. */
  send(url: string, body: string, sign: () => Record<string, string>): void;
  /** Gives up what is under way. */
  stop(): Promise<void>;
}

export function createWebhookSender(): WebhookSender {
  const stopped = new AbortController();
  const pending = new Set<Promise<void>>();

  async function deliver(url: string, body: string, sign: () => Record<string, string>): Promise<void> {
    for (const delayMs of attemptDelaysMs) {
      if (delayMs > 0) await sleep(delayMs, undefined, { signal: stopped.signal });
      const status = await post(url, body, sign(), stopped.signal);
      // A redirect is a permanent failure: neither provider follows one.
      if (status !== undefined && status >= 200 && status < 400) return;
    }
  }

  return {
    send(url, body, sign) {
      if (pending.size >= maxPending || stopped.signal.aborted) return;
      const delivery = deliver(url, body, sign)
        .catch(() => {}) // only the wait throws, when stopped
        .finally(() => pending.delete(delivery));
      pending.add(delivery);
    },
    async stop() {
      stopped.abort();
      await Promise.all(pending);
    },
  };
}

/** The status of the answer; undefined when there was none. */
async function post(
  url: string,
  body: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<number | undefined> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body,
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(attemptTimeoutMs)]),
    });
    await response.body?.cancel();
    return response.status;
  } catch {
    return undefined;
  }
}

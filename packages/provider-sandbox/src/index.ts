import type { AddressInfo } from "node:net";
import { buildServer } from "./build-server.ts";
import type { FaultRule } from "./faults/fault-rule.ts";
import type { Provider } from "./submission.ts";

export type { FaultName } from "./faults/catalogue.ts";
export type { FaultRule } from "./faults/fault-rule.ts";
export type { LedgerTotals } from "./ledger.ts";

/** All of it is optional; the defaults are those of a modest account on a quick day. */
export interface ProviderSandboxOptions {
  /** 127.0.0.1 */
  readonly host?: string;
  /** 0: any free port. */
  readonly port?: number;
  /** How long a job runs, before up to a fifth more (300). */
  readonly latencyMs?: number;
  /** Jobs a provider runs at once (500): high, so that the limit that shows is the one of the system under test. */
  readonly concurrency?: number | Partial<Record<Provider, number>>;
  /** Everything random follows from it (1). */
  readonly seed?: number;
  /** Longest edge of a picture (512); an output is drawn smaller than ordered, and its true size reported. */
  readonly maxImageEdgePx?: number;
  /** Submissions the ledger keeps (200,000). */
  readonly ledgerRows?: number;
  /** How long Replicate keeps a prediction's data (an hour). */
  readonly retentionMs?: number;
  /** Predictions Replicate lets through a minute (0: no limit; the real one has 600). */
  readonly replicateCreatesPerMinute?: number;
  /** Fault dials from the start. */
  readonly rules?: readonly FaultRule[];
}

/** A running sandbox. */
export interface ProviderSandbox extends AsyncDisposable {
  /** Origin of the server, `/__ledger` and `/__control`. */
  readonly url: string;
  /** For `FAL_BASE_URL`. */
  readonly falBaseUrl: string;
  /** For `REPLICATE_BASE_URL`. */
  readonly replicateBaseUrl: string;
  /** Ends every job and every connection. */
  close(): Promise<void>;
}

/** Starts fal and Replicate on one port. Rejects when the port is taken. */
export async function createProviderSandbox(options: ProviderSandboxOptions = {}): Promise<ProviderSandbox> {
  const { host = "127.0.0.1", port = 0 } = options;
  const app = buildServer({
    settings: {
      latencyMs: options.latencyMs ?? 300,
      concurrency: readConcurrency(options.concurrency),
      seed: options.seed ?? 1,
      maxImageEdgePx: options.maxImageEdgePx ?? 512,
      retentionMs: options.retentionMs ?? 3_600_000,
      replicateCreatesPerMinute: options.replicateCreatesPerMinute ?? 0,
    },
    ledgerRows: options.ledgerRows ?? 200_000,
    rules: options.rules ?? [],
  });
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    throw error;
  }
  const address = app.server.address() as AddressInfo;
  const url = `http://${reachableHost(host)}:${address.port}`;
  const close = () => app.close();
  return { url, falBaseUrl: url, replicateBaseUrl: `${url}/v1`, close, [Symbol.asyncDispose]: close };
}

/** A wildcard is no address one can connect to. */
function reachableHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

function readConcurrency(value: ProviderSandboxOptions["concurrency"] = 500): Record<Provider, number> {
  if (typeof value === "number") return { fal: value, replicate: value };
  return { fal: value.fal ?? 500, replicate: value.replicate ?? 500 };
}

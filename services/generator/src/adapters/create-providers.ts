import { unbilledProvider } from "@tirage/contracts";
import type { Logger } from "@tirage/messaging";
import type { BilledProvider } from "../ports.ts";
import { createFalProvider } from "./fal-provider.ts";
import { createReplicateProvider } from "./replicate-provider.ts";

export interface ProvidersOptions {
  /** Names of the providers to be used; the unbilled one is created by itself. */
  readonly enabled: readonly string[];
  readonly fal: { readonly key: string | undefined; readonly baseUrl: string | undefined };
  readonly replicate: { readonly token: string | undefined; readonly baseUrl: string | undefined };
  /** Where providers reach order-api; undefined: they are polled only. */
  readonly publicUrl: string | undefined;
  readonly logger: Logger;
}

/**
 * The enabled providers by name.
 * @throws TypeError for a name there is no adapter for, and for a provider without its key.
 */
export function createProviders(options: ProvidersOptions): Map<string, BilledProvider> {
  const billed = options.enabled.filter((name) => name !== unbilledProvider);
  return new Map(billed.map((name) => [name, createProvider(name, options)]));
}

function createProvider(name: string, { fal, replicate, publicUrl, logger: parent }: ProvidersOptions): BilledProvider {
  const logger = parent.child({ provider: name });
  const base = publicUrl?.replace(/\/+$/, "");
  const callbackUrl = (nonce: string) => base && `${base}/v1/callbacks/${name}/${nonce}`;
  switch (name) {
    case "fal":
      return createFalProvider({ key: required(fal.key, "FAL_KEY"), baseUrl: fal.baseUrl, callbackUrl, logger });
    case "replicate": {
      const token = required(replicate.token, "REPLICATE_API_TOKEN");
      return createReplicateProvider({ token, baseUrl: replicate.baseUrl, callbackUrl, logger });
    }
    default:
      throw new TypeError(`there is no provider ${name}`);
  }
}

/** Without it the official clients would look into the environment on their own. */
function required(value: string | undefined, variable: string): string {
  if (value === undefined || value === "") throw new TypeError(`${variable} is not set`);
  return value;
}

/** Which providers are enabled, and how many provider calls each may run at once over all replicas. */
import { providerName, unbilledProvider } from "@tirage/contracts";
import { readList, readNumber, variable } from "./variable.ts";

/** What a provider account without special terms allows. */
const defaultConcurrency = 10;
/**
 * The no-op provider has no account to protect. What the limit holds back waits in the dispatcher, which serves orders
 * in turn, rather than as events in the status-aggregator, which takes them as they come: beside 5,000 generations a
 * small order took up to 0.9 s with 100, and up to 1.4 s with 1,000.
 */
const unbilledConcurrency = 100;

/** PROVIDERS as a list, by default fal and replicate; PROVIDER_CONCURRENCY as a record, by default empty. */
export const providerVariables = {
  PROVIDERS: variable("provider names separated by commas, such as fal,replicate", (text) => {
    const names = readList(text);
    return names?.every(isProviderName) ? [...new Set(names)] : undefined;
  }).default(["fal", "replicate"]),
  PROVIDER_CONCURRENCY: variable("provider=number pairs separated by commas, such as fal=10,replicate=10", (text) => {
    const pairs = readList(text)?.map(readPair);
    return pairs?.every((pair) => pair !== undefined) ? Object.fromEntries(pairs) : undefined;
  }).default({}),
};

/** The limit of every enabled provider: what was configured, else 10, and 100 for the `null` provider. */
export function providerConcurrency(variables: {
  readonly PROVIDERS: readonly string[];
  readonly PROVIDER_CONCURRENCY: Readonly<Record<string, number>>;
}): Record<string, number> {
  return Object.fromEntries(
    variables.PROVIDERS.map((provider) => [
      provider,
      variables.PROVIDER_CONCURRENCY[provider] ??
        (provider === unbilledProvider ? unbilledConcurrency : defaultConcurrency),
    ]),
  );
}

function readPair(pair: string): [provider: string, limit: number] | undefined {
  const [provider = "", limitText = "", ...rest] = pair.split("=").map((part) => part.trim());
  const limit = readNumber(limitText);
  return rest.length === 0 && isProviderName(provider) && limit ? [provider, limit] : undefined;
}

const isProviderName = (text: string) => providerName.safeParse(text).success;

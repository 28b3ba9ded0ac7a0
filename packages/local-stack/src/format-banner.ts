import { isAbsolute, relative } from "node:path";
import type { ProviderPlan } from "./plan-providers.ts";
import type { LocalStack } from "./start-local-stack.ts";

export type BannerFacts = Pick<
  LocalStack,
  "sandboxUrl" | "databaseSource" | "natsSource" | "dataDirectory" | "providers"
> & {
  port: number;
  generators: number;
  /** Of the reader, to shorten the data folder. */
  workingDirectory: string;
  tookMs: number;
};

/** The one text that says all is ready, where everything is, and what to do next. */
export function formatBanner(facts: BannerFacts): string {
  const api = `http://localhost:${facts.port}`;
  const data = shorten(facts.dataDirectory, facts.workingDirectory);
  const provider = facts.providers.enabled.find((name) => facts.providers.targets[name]) ?? "fal";
  const model = provider === "replicate" ? "black-forest-labs/flux-schnell" : "fal-ai/flux/schnell";
  return `
  Tirage is ready (${(facts.tookMs / 1000).toFixed(1)} s)

  Console     ${api}
  API         ${api}/v1
  Reference   ${api}/docs
  Providers   ${formatProviders(facts.providers, facts.sandboxUrl)}
  Postgres    ${facts.databaseSource}
  NATS        ${facts.natsSource}
  Generators  ${facts.generators}
  Data        ${data} (orders and products; logs in ${data}/logs; --reset begins anew)
  Stop        Ctrl-C

  A first order, ten images in batches of four, is filled in at ${api}, or:

  curl -s -XPOST localhost:${facts.port}/v1/orders -H 'content-type: application/json' -H 'prefer: wait=30' \\
    -d '{"provider":"${provider}","model":"${model}","prompt":"a lighthouse at dusk","quantity":10,"batchSize":4}'
`;
}

const targetWords = {
  sandbox: "sandbox (no key, no cost)",
  real: "REAL, orders cost money",
  given: "the base URL you gave",
} as const;

function formatProviders({ enabled, targets }: ProviderPlan, sandboxUrl: string | undefined): string {
  const words = enabled.map((name) => `${name}: ${targets[name] ? targetWords[targets[name]] : "calls nobody"}`);
  const ledger = sandboxUrl ? `; its ledger: ${sandboxUrl}/__ledger` : "";
  const hint = Object.values(targets).every((target) => target === "sandbox")
    ? "\n              (set FAL_KEY or REPLICATE_API_TOKEN and start again to go live)"
    : "";
  return `${words.join(", ")}${ledger}${hint}`;
}

function shorten(folder: string, workingDirectory: string): string {
  const path = relative(workingDirectory, folder);
  return path === "" || path.startsWith("..") || isAbsolute(path) ? folder : path;
}

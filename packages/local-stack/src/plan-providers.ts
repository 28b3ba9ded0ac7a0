import { StackError } from "./stack-error.ts";

/** `sandbox` = never the real ones; `real` = only the real ones; `auto` = real where there is a key, else the sandbox. */
export type ProviderChoice = "auto" | "sandbox" | "real";

/** Where one provider's calls go. `given` = to the base URL of the environment. */
export type ProviderTarget = "sandbox" | "real" | "given";

export interface ProviderPlan {
  /** The enabled adapters, as in PROVIDERS. */
  enabled: string[];
  /** By provider; adapters that call nobody are absent. */
  targets: Record<string, ProviderTarget>;
  needsSandbox: boolean;
}

type Environment = Record<string, string | undefined>;

const providers = [
  { name: "fal", key: "FAL_KEY", baseUrl: "FAL_BASE_URL", sandboxPath: "" },
  { name: "replicate", key: "REPLICATE_API_TOKEN", baseUrl: "REPLICATE_BASE_URL", sandboxPath: "/v1" },
] as const;

/** Decides for every enabled provider whether its calls are real. Throws a StackError when `real` has no key at all. */
export function planProviders(choice: ProviderChoice, environment: Environment): ProviderPlan {
  const asked = (environment.PROVIDERS || "fal,replicate").split(",").map((name) => name.trim());
  const targets: Record<string, ProviderTarget> = {};
  for (const { name, key, baseUrl } of providers) {
    if (!asked.includes(name)) continue;
    if (environment[baseUrl]) targets[name] = "given";
    else if (choice !== "sandbox" && environment[key]) targets[name] = "real";
    else if (choice !== "real") targets[name] = "sandbox";
  }
  const callsNobody = (name: string) => !providers.some((provider) => provider.name === name);
  const enabled = asked.filter((name) => targets[name] !== undefined || callsNobody(name));
  if (enabled.length === 0) {
    throw new StackError(
      "--provider real needs a key: set FAL_KEY or REPLICATE_API_TOKEN, or leave it out for the sandbox",
    );
  }
  return { enabled, targets, needsSandbox: Object.values(targets).includes("sandbox") };
}

/** The provider variables of the services. A real key never reaches the sandbox. */
export function formatProviderVariables(
  { enabled, targets }: ProviderPlan,
  environment: Environment,
  sandboxUrl: string | undefined,
): Environment {
  const variables: Environment = { PROVIDERS: enabled.join(",") };
  for (const { name, key, baseUrl, sandboxPath } of providers) {
    const isSandbox = targets[name] === "sandbox";
    variables[key] = isSandbox ? "sandbox" : environment[key] || (targets[name] === "given" ? "sandbox" : undefined);
    variables[baseUrl] = isSandbox ? `${sandboxUrl}${sandboxPath}` : environment[baseUrl] || undefined;
  }
  return variables;
}

/**
 * What makes the sandbox call back. Only when no provider is another: a real one refuses the address of this machine. A
 * PUBLIC_URL of the environment is used as it is.
 */
export function formatCallbackVariables(
  { targets }: ProviderPlan,
  environment: Environment,
  sandbox: { readonly apiUrl: string; readonly replicateSecret: string },
): Environment {
  const used = Object.values(targets);
  const isSandboxOnly = used.length > 0 && used.every((target) => target === "sandbox");
  if (environment.PUBLIC_URL || !isSandboxOnly) return {};
  return { PUBLIC_URL: sandbox.apiUrl, REPLICATE_WEBHOOK_SECRET: sandbox.replicateSecret };
}

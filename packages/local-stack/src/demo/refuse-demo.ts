import type { ProviderPlan } from "../plan-providers.ts";
import { StackError } from "../stack-error.ts";
import { demoRequest } from "./demo-order.ts";

/** Throws a StackError, in one line, when the demo would cost money or cannot be played at all. */
export function refuseDemo({ targets }: ProviderPlan, generators: number, authentication?: string): void {
  const real = Object.keys(targets).filter((name) => targets[name] === "real");
  if (real.length > 0) {
    throw new StackError(
      `--demo breaks calls on purpose and would cost money at ${real.join(" and ")}: play it with --provider sandbox`,
    );
  }
  const given = Object.keys(targets).filter((name) => targets[name] === "given");
  if (given.length > 0) {
    const variables = given.map((name) => `${name.toUpperCase()}_BASE_URL`).join(" and ");
    throw new StackError(`--demo plays with this machine's own sandbox: start it without ${variables}`);
  }
  const { provider } = demoRequest;
  if (targets[provider] !== "sandbox") {
    throw new StackError(`--demo orders from ${provider}, which PROVIDERS leaves out`);
  }
  if (authentication === "api-key")
    throw new StackError("--demo orders without an API key: start it without AUTH=api-key");
  if (generators === 0) throw new StackError("--demo needs a generator to kill: start it without --generators 0");
}

/** One generation of a provider that charges nothing: repeating it costs nothing, so no ledger guards it. */
import { completedResult } from "../domain/generation-result.ts";
import type { UnbilledProvider } from "../ports.ts";
import type { Generate } from "./generation.ts";

export function createUnbilledGeneration({
  provider,
  workerId,
}: {
  provider: UnbilledProvider;
  workerId: string;
}): Generate {
  return async (work) =>
    completedResult(work, { outputs: provider.generate(work) }, { workerId, finishedAt: new Date() });
}

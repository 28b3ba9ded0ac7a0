import type { Health, Worker } from "./operations.ts";

/**
 * Whether nothing is charged for calls of the provider: every generator there is takes it for a sandbox, and has done so
 * since `since`, an instant. False also where that is not known.
 */
export function isSandboxed({ services }: Pick<Health, "services">, provider: string, since?: string): boolean {
  const generators = services?.find(({ service }) => service === "generator")?.replicas ?? [];
  const isFree = ({ sandboxed, startedAt }: Worker) =>
    sandboxed?.includes(provider) && (since === undefined || Date.parse(startedAt) <= Date.parse(since));
  return generators.length > 0 && generators.every(isFree);
}

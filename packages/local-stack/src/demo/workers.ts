/** Which process of the stack a worker id of the API means. */
import type { StackService } from "../start-local-stack.ts";

const timeoutMs = 2_000;

export interface Workers {
  /** Asks every generator who it is now: one that was started again is another worker. */
  refresh(): Promise<void>;
  find(workerId: string): StackService | undefined;
  /** Its name in the stack, and whether it was started again; its id when it is none of the stack's. */
  nameOf(workerId: string | null): string;
}

export function createWorkers(services: readonly StackService[]): Workers {
  const generators = services.filter(({ name }) => name.startsWith("generator-"));
  const byId = new Map<string, { readonly service: StackService; readonly label: string }>();
  return {
    async refresh() {
      await Promise.all(
        generators.map(async (generator) => {
          const instanceId = await readInstanceId(generator.url);
          if (instanceId === undefined || byId.has(instanceId)) return;
          const isAgain = [...byId.values()].some(({ service }) => service === generator);
          const label = isAgain ? `${generator.name} (started again)` : generator.name;
          byId.set(instanceId, { service: generator, label });
        }),
      );
    },
    find: (workerId) => byId.get(workerId)?.service,
    nameOf: (workerId) => (workerId && byId.get(workerId)?.label) ?? workerId ?? "a worker",
  };
}

/** Undefined while it does not answer. */
async function readInstanceId(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(timeoutMs) });
    const body: unknown = await response.json();
    const id = typeof body === "object" && body !== null && "instanceId" in body ? body.instanceId : undefined;
    return typeof id === "string" ? id : undefined;
  } catch {
    return undefined;
  }
}

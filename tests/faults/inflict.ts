/** Does to a running stack what the schedule says. Whatever is killed is started again by the stack itself. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { LocalStack, StackService, Supervised } from "@tirage/local-stack";
import type { Network } from "./network.ts";
import type { FaultKind, PlannedFault } from "./schedule.ts";

export interface FaultTimes {
  /** Longer than a lease, so that another worker takes over meanwhile. */
  readonly freezeMs: number;
  readonly brokerPauseMs: number;
}

const upAgainPatienceMs = 15_000;

/** Counts what struck; a fault whose target was down already did not strike. */
export type Strikes = Record<FaultKind, number>;

const infrastructure = (stack: LocalStack, name: string): Supervised => {
  const found = stack.infrastructure.find((part) => part.name === name);
  if (!found) throw new Error(`the stack does not run ${name} itself`);
  return found;
};

function serviceAt(services: readonly StackService[], target: number): StackService | undefined {
  return services[Math.floor(target * services.length)];
}

/** Waits for somebody to be up: faults that come faster than processes start would meet nobody. */
async function findRunning(stack: LocalStack): Promise<StackService[]> {
  const begun = performance.now();
  for (;;) {
    const running = stack.services.filter(({ pid }) => pid !== undefined);
    if (running.length > 0 || performance.now() - begun > upAgainPatienceMs) return running;
    await delay(50);
  }
}

async function freeze(part: Supervised, forMs: number): Promise<boolean> {
  if (part.pid === undefined) return false;
  part.kill("SIGSTOP");
  await delay(forMs);
  part.kill("SIGCONT");
  return true;
}

async function wipeBroker(stack: LocalStack): Promise<void> {
  const nats = infrastructure(stack, "NATS");
  await nats.stop();
  await rm(join(stack.dataDirectory, "nats"), { recursive: true, force: true });
  await nats.start();
}

/** What is struck. */
export interface Struck {
  readonly stack: LocalStack;
  readonly network: Network;
}

async function strike({ stack, network }: Struck, { kind, target }: PlannedFault, times: FaultTimes): Promise<boolean> {
  switch (kind) {
    case "kill": {
      const running = await findRunning(stack);
      serviceAt(running, target)?.kill("SIGKILL");
      return running.length > 0;
    }
    case "freeze": {
      const generators = stack.services.filter(({ name }) => name.startsWith("generator-"));
      const generator = serviceAt(generators, target);
      return generator ? freeze(generator, times.freezeMs) : false;
    }
    case "broker-kill":
      infrastructure(stack, "NATS").kill("SIGKILL");
      return true;
    case "broker-wipe":
      await wipeBroker(stack);
      return true;
    case "broker-pause":
      return freeze(infrastructure(stack, "NATS"), times.brokerPauseMs);
    case "postgres-restart":
      await infrastructure(stack, "Postgres").restart();
      return true;
    default:
      await network.strike(kind);
      return true;
  }
}

/** Inflicts all faults in their order; a long one goes on while the next strike, but the servers' own come one by one. */
export async function inflict(
  struck: Struck,
  faults: readonly PlannedFault[],
  times: FaultTimes,
): Promise<{ strikes: Partial<Strikes>; missed: number }> {
  const strikes: Partial<Strikes> = {};
  let missed = 0;
  const underWay: Promise<void>[] = [];
  let server = Promise.resolve();
  const begin = async (fault: PlannedFault) => {
    if (await strike(struck, fault, times)) strikes[fault.kind] = (strikes[fault.kind] ?? 0) + 1;
    else missed += 1;
  };
  for (const fault of faults) {
    await delay(fault.afterMs);
    if (fault.kind === "kill") await begin(fault);
    else if (fault.kind === "freeze") underWay.push(begin(fault));
    else server = server.then(() => begin(fault));
  }
  await Promise.all([server, ...underWay]);
  return { strikes, missed };
}

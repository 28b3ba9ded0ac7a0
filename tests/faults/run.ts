/** One run of the fault suite: real processes, a seeded schedule of faults, and an oracle once all is quiet again. */
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { startLocalStack } from "@tirage/local-stack";
import { type PromisedOrder, placeAll, planOrders } from "./customers.ts";
import { planDials } from "./dials.ts";
import { countFailpoints } from "./failpoint-strikes.ts";
import { inflict, type Strikes } from "./inflict.ts";
import { listLeftOnBroker } from "./left-on-broker.ts";
import { mendAccounts } from "./mend-accounts.ts";
import { createNetwork } from "./network.ts";
import { examine, type Findings, getJson, openOrders } from "./oracle.ts";
import { type FaultKind, planFaults } from "./schedule.ts";

export interface RunOptions {
  readonly items: number;
  readonly kills: number;
  readonly seed: number;
  readonly kinds?: readonly FaultKind[];
  /** For the stack; removed by the caller. */
  readonly dataDirectory: string;
  readonly environment: Record<string, string | undefined>;
  readonly report: (line: string) => void;
  readonly generators?: number;
  /**
   * When an unknown outcome is given up, and what becomes of it. By default it is submitted again once its callback
   * would have come: after the last kill of those that hear callbacks, and a repeat.
   */
  readonly onUnknownSubmit?: { readonly policy: "fail" | "resubmit"; readonly graceMs: number };
  /** As TIRAGE_FAILPOINTS; none without it. */
  readonly failpoints?: string;
}

export interface RunResult extends Findings {
  readonly promised: number;
  readonly strikes: Partial<Strikes>;
  readonly missed: number;
  /** How often the stack started a process again. */
  readonly restarts: number;
  readonly totals: Record<string, number>;
  /** How often each fault dial of the sandbox struck. */
  readonly dials: Record<string, number>;
  /** How often each failpoint struck. */
  readonly failpoints: Record<string, number>;
  /** From the last fault until every order had ended. */
  readonly quietAfterMs: number;
  readonly tookMs: number;
}

const leaseMs = 12_000;
const times = { freezeMs: leaseMs + 3_000, brokerPauseMs: 6_000 };
/** Beyond the grace of an unknown outcome: what is then submitted again, and what waits for a lease or a pause. */
const quiescePatienceMs = 240_000;
/** A call of a provider that never ends is given up after this long. */
const generationTimeoutMs = 45_000;

async function control(sandboxUrl: string, body: object): Promise<void> {
  const response = await fetch(`${sandboxUrl}/__control`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`the sandbox refused its rules: ${await response.text()}`);
}

async function readDials(sandboxUrl: string): Promise<Record<string, number>> {
  const { rules: standing } = await getJson<{ rules: { fault: string; strikes: number }[] }>(`${sandboxUrl}/__control`);
  return Object.fromEntries(standing.map(({ fault, strikes }) => [fault, strikes]));
}

/** Waits until every promised order has ended; answers how long that took, or undefined when patience ended first. */
async function quiesce(
  apiUrl: string,
  promised: readonly PromisedOrder[],
  patienceMs: number,
): Promise<number | undefined> {
  const begun = performance.now();
  let left = promised;
  while (performance.now() - begun < patienceMs) {
    const open = await openOrders(apiUrl, left).catch(() => undefined);
    if (open?.length === 0) return performance.now() - begun;
    if (open) left = left.filter(({ id }) => open.includes(id));
    await delay(500);
  }
  return undefined;
}

function unknownPolicyOf({ onUnknownSubmit, kills }: RunOptions) {
  return onUnknownSubmit ?? { policy: "resubmit", graceMs: 60_000 + kills * 2_500 };
}

/** Times short enough for a run of minutes, and what makes the run come again by its seed. */
function environmentOf(options: RunOptions): Record<string, string | undefined> {
  const unknown = unknownPolicyOf(options);
  return {
    ...options.environment,
    LEASE_MS: String(leaseMs),
    UNKNOWN_GRACE_MS: String(unknown.graceMs),
    ON_UNKNOWN_SUBMIT: unknown.policy,
    UNKNOWN_RESUBMITS_MAX: "5", // kills are so dense here that one item may meet several
    GENERATION_TIMEOUT_MS: String(generationTimeoutMs),
    SANDBOX_MAX_IMAGE_EDGE_PX: "64",
    SANDBOX_LATENCY_MS: "150",
    SANDBOX_SEED: String(options.seed),
    TIRAGE_FAILPOINTS: options.failpoints,
    TIRAGE_FAILPOINT_SEED: String(options.seed),
  };
}

export async function run(options: RunOptions): Promise<RunResult> {
  const { items, kills, seed, report } = options;
  const patienceMs = unknownPolicyOf(options).graceMs + quiescePatienceMs;
  const begun = performance.now();
  await using network = createNetwork();
  await using stack = await startLocalStack({
    dataDirectory: options.dataDirectory,
    environment: environmentOf(options),
    provider: "sandbox",
    generators: options.generators ?? 3,
    report: () => undefined,
    addressServers: network.addressServers,
  });
  const { apiUrl, sandboxUrl = "" } = stack;
  await control(sandboxUrl, { rules: planDials(seed, items) });
  await using _person = mendAccounts(apiUrl);
  const faults = planFaults(seed, kills, options.kinds);
  const spreadMs = Math.round(faults.reduce((sum, { afterMs }) => sum + afterMs, 0));
  report(
    `seed ${seed}: ${items} items, ${kills} faults over ${Math.round(spreadMs / 1_000)} s; logs: ${stack.dataDirectory}/logs`,
  );
  const stopping = new AbortController();
  const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(spreadMs * 3 + patienceMs)]);
  const placing = placeAll(apiUrl, planOrders(seed, items), { spreadMs, signal });
  placing.catch(() => undefined);
  const { strikes, missed } = await inflict({ stack, network }, faults, times);
  const promised = await placing;
  report(
    `faults are over after ${Math.round((performance.now() - begun) / 1_000)} s; waiting for ${promised.length} orders to end`,
  );
  // The providers' faults go on until the last order has ended.
  const quietAfterMs = await quiesce(apiUrl, promised, patienceMs);
  const dials = await readDials(sandboxUrl);
  await control(sandboxUrl, { rules: [] });
  const left = await listLeftOnBroker(stack.natsUrl);
  const found = await examine({ apiUrl, sandboxUrl }, promised);
  found.violations.push(...left.map((subject) => `${subject} still has a message on the broker`));
  return {
    ...found,
    promised: promised.length,
    ...{ strikes, missed, dials },
    failpoints: await countFailpoints(join(stack.dataDirectory, "logs")),
    restarts: stack.services.reduce((sum, { restarts }) => sum + restarts, 0),
    quietAfterMs: quietAfterMs ?? Number.POSITIVE_INFINITY,
    tookMs: performance.now() - begun,
  };
}

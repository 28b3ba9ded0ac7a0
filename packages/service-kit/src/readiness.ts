import { setTimeout as delay } from "node:timers/promises";

/** Whether the service can work now, and what is missing when it cannot. */
export interface ReadinessReport {
  readonly ready: boolean;
  readonly missing: string[];
}

export interface Readiness {
  /** From now on the service is ready only while `check` answers true within 2 s; one that throws answers false. */
  require(name: string, check: () => boolean | Promise<boolean>): void;
  report(): Promise<ReadinessReport>;
}

/** The life of a service as seen from outside: it works only while started. */
export type ServicePhase = "starting" | "started" | "stopping";

/** Shorter than the usual timeout of a probe with its retries: the probe must get an answer that names what hangs. */
const checkTimeoutMs = 2_000;

/** Until the service has started, and once it stops, the phase itself is what is missing. */
export function createReadiness(currentPhase: () => ServicePhase): Readiness {
  const checks = new Map<string, () => boolean | Promise<boolean>>();
  return {
    require: (name, check) => void checks.set(name, check),
    async report() {
      const phase = currentPhase();
      if (phase === "stopping") return { ready: false, missing: [phase] };
      const verdicts = await Promise.all(
        [...checks].map(async ([name, check]) => ({ name, holds: await holds(check) })),
      );
      const missing = verdicts.filter((verdict) => !verdict.holds).map(({ name }) => name);
      if (phase === "starting") missing.unshift(phase);
      return { ready: missing.length === 0, missing };
    },
  };
}

async function holds(check: () => boolean | Promise<boolean>): Promise<boolean> {
  const timeout = new AbortController();
  try {
    return await Promise.race([check(), delay(checkTimeoutMs, false, { signal: timeout.signal, ref: false })]);
  } catch {
    return false;
  } finally {
    timeout.abort();
  }
}

/** The gate before a provider, of this process; closing it also has the broker deliver nothing to any replica. */
import { type Logger, RetryLaterError } from "@tirage/messaging";
import { isProbing, openGate, type ProviderSign, recordSign } from "../domain/gate.ts";

export interface ProviderGate {
  /**
   * Lets one submit through; dispose the pass once it is over.
   * @throws RetryLaterError `provider_gated` while the gate is closed.
   */
  enter(): Disposable;
  record(sign: ProviderSign): void;
}

export interface ProviderGateOptions {
  readonly provider: string;
  readonly logger: Logger;
  /** Told when the gate closes: until when, and why. */
  readonly onClosed: (until: Date, reason: ProviderSign["kind"]) => void;
}

/** Pause of those that wait for another's probe. */
const besideProbeMs = 1_000;
/** Those that come back do so over this long, lest they all come at once. */
const spreadMs = 500;

export function createProviderGate({ provider, logger, onClosed }: ProviderGateOptions): ProviderGate {
  let gate = openGate;
  let inside = 0;
  const gated = (delayMs: number) =>
    new RetryLaterError("provider_gated", `${provider} takes no submits now`, {
      delayMs: delayMs + Math.random() * spreadMs,
    });
  return {
    enter() {
      const nowMs = Date.now();
      if (gate.closedUntilMs > nowMs) throw gated(gate.closedUntilMs - nowMs);
      if (inside > 0 && isProbing(gate, nowMs)) throw gated(besideProbeMs);
      inside += 1;
      return {
        [Symbol.dispose]() {
          inside -= 1;
        },
      };
    },
    record(sign) {
      const before = gate.closedUntilMs;
      gate = recordSign(gate, sign, Date.now());
      if (gate.closedUntilMs <= before) return;
      const until = new Date(gate.closedUntilMs);
      const fields = { provider, until: until.toISOString(), reason: sign.kind };
      if (sign.kind === "stopped")
        logger.error({ ...fields, alarm: "provider_stopped" }, "provider is stopped: its account must be mended");
      else logger.warn(fields, "provider is given no submits for a while");
      onClosed(until, sign.kind);
    },
  };
}

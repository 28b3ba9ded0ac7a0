/**
 * The gate before a provider. Replicas tell each other at once when it closes or opens (`gate.changed`); that may be
 * lost, so the pause of the provider's consumer, which closing sets, is read before a submit, too.
 */
import { type Logger, RetryLaterError } from "@tirage/messaging";
import {
  changeOf,
  closedUntilMs,
  type Gate,
  type GateChange,
  heedChange,
  heedHold,
  isProbing,
  openGate,
  type ProviderSign,
  recordSign,
} from "../domain/gate.ts";

export interface ProviderGate {
  /**
   * Lets one submit through; dispose the pass once it is over.
   * @throws RetryLaterError `provider_gated` while the gate is closed.
   */
  enter(): Promise<Disposable>;
  /** What a submit of this replica told. */
  record(sign: ProviderSign): void;
  /** What another replica, or a person, told. */
  heed(change: GateChange): void;
  /** As it is now. */
  read(): Gate;
}

export interface ProviderGateOptions {
  readonly provider: string;
  readonly logger: Logger;
  /** Until when the provider's consumer is paused, by whomever; undefined when it is not. May fail. */
  readonly readHold: () => Promise<Date | undefined>;
  /** An answer to this replica changed the gate: the others are to be told. */
  readonly onChanged: (change: GateChange) => void;
}

/** Pause of those that wait for another's probe. */
const besideProbeMs = 1_000;
/** Those that come back do so over this long, lest they all come at once. */
const spreadMs = 500;
/** Put off no longer: what is back early waits in its queue, and a resumed provider soon has work. */
const longestGatedMs = 5_000;
/** The consumer's pause is read this often at most, and a submit waits this long for the answer. */
const holdLivesMs = 1_000;
const holdPatienceMs = 250;

export function createProviderGate({ provider, logger, readHold, onChanged }: ProviderGateOptions): ProviderGate {
  let gate = openGate;
  let inside = 0;
  let hold = Promise.resolve();
  let holdReadMs = 0;

  const refreshHold = async () => {
    try {
      const until = await readHold();
      gate = heedHold(gate, until?.getTime() ?? 0);
    } catch (error) {
      logger.debug({ provider, error: String(error) }, "the pause of the consumer cannot be read");
    }
  };
  const knowHold = async () => {
    if (Date.now() - holdReadMs >= holdLivesMs) {
      holdReadMs = Date.now();
      hold = refreshHold();
    }
    using patience = startPatience();
    await Promise.race([hold, patience.over]);
  };
  const gated = (delayMs: number) =>
    new RetryLaterError("provider_gated", `${provider} takes no submits now`, {
      delayMs: Math.min(longestGatedMs, delayMs) + Math.random() * spreadMs,
    });
  return {
    async enter() {
      await knowHold();
      const nowMs = Date.now();
      const untilMs = closedUntilMs(gate);
      if (untilMs > nowMs) throw gated(untilMs - nowMs);
      if (inside > 0 && isProbing(gate, nowMs)) throw gated(besideProbeMs);
      inside += 1;
      return {
        [Symbol.dispose]() {
          inside -= 1;
        },
      };
    },
    record(sign) {
      const nowMs = Date.now();
      const before = gate;
      gate = recordSign(gate, sign, nowMs);
      const change = changeOf(provider, before, gate, nowMs);
      if (!change) return;
      onChanged(change);
      if (change.change === "stopped") {
        logger.error({ ...change, alarm: "provider_stopped" }, "provider is stopped: its account must be mended");
      } else if (change.change === "mended") logger.info({ provider }, "provider takes submits again");
      else logger.warn({ ...change }, "provider is given no submits for a while");
    },
    heed(change) {
      gate = heedChange(gate, change, Date.now());
      logger.debug({ ...change }, "heard of the provider's gate");
    },
    read: () => gate,
  };
}

function startPatience(): Disposable & { readonly over: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, holdPatienceMs);
  return { over: promise, [Symbol.dispose]: () => clearTimeout(timer) };
}

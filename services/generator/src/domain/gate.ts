/** When a provider may be given submits: what its last answers say, to any replica. Pure; all figures in milliseconds. */
import type { gateChanged, PayloadOf } from "@tirage/contracts";
import { type Circuit, closedCircuit, openUntil, passTime, probeNow, recordSubmit } from "./circuit.ts";

/** What one submit told of the provider. */
export type ProviderSign =
  | { readonly kind: "well" }
  /** Refused for now, such as by 429: nothing before this long. */
  | { readonly kind: "throttled"; readonly retryAfterMs: number }
  /** No answer, or none that can be read. */
  | { readonly kind: "out"; readonly detail: string }
  /** 401, 402, 403: a person must mend key, balance or account. */
  | { readonly kind: "stopped"; readonly detail: string };

/** What replicas tell each other. */
export type GateChange = PayloadOf<typeof gateChanged>;

export interface Gate {
  readonly circuit: Circuit;
  readonly throttledUntilMs: number;
  readonly stoppedUntilMs: number;
  /** Stops since the provider last took a submit; each doubles the pause. */
  readonly stops: number;
  /** What the pause of its consumer says, be it a person's or one that another replica asked for. */
  readonly heldUntilMs: number;
  /** What the provider said when it went out or was stopped. */
  readonly detail: string | undefined;
}

export const openGate: Gate = {
  circuit: closedCircuit,
  throttledUntilMs: 0,
  stoppedUntilMs: 0,
  stops: 0,
  heldUntilMs: 0,
  detail: undefined,
};

const shortestStopMs = 30_000;
const longestStopMs = 300_000;

/** Characters. */
const longestDetail = 500;

const circuitUntilMs = ({ circuit }: Gate): number => (circuit.state === "open" ? circuit.openUntilMs : 0);

/** No submits before. */
export function closedUntilMs(gate: Gate): number {
  return Math.max(gate.throttledUntilMs, gate.stoppedUntilMs, gate.heldUntilMs, circuitUntilMs(gate));
}

/** The gate after an answer to a submit of this replica. */
export function recordSign(gate: Gate, sign: ProviderSign, atMs: number): Gate {
  const circuit = recordSubmit(passTime(gate.circuit, atMs), { atMs, bad: sign.kind === "out" });
  switch (sign.kind) {
    case "well": {
      // What was under way when the gate was closed says nothing new.
      const isUnderWay = gate.stoppedUntilMs > atMs || circuit.state === "open";
      return isUnderWay ? { ...gate, circuit } : { ...gate, circuit, stops: 0, detail: undefined };
    }
    case "throttled":
      return { ...gate, circuit, throttledUntilMs: Math.max(gate.throttledUntilMs, atMs + sign.retryAfterMs) };
    case "out":
      return { ...gate, circuit, detail: sign.detail };
    case "stopped": {
      if (gate.stoppedUntilMs > atMs) return { ...gate, circuit };
      const pauseMs = Math.min(longestStopMs, shortestStopMs * 2 ** gate.stops);
      return { ...gate, circuit, stoppedUntilMs: atMs + pauseMs, stops: gate.stops + 1, detail: sign.detail };
    }
  }
}

/** What the other replicas must hear after an answer changed the gate; undefined when it is nothing to them. */
export function changeOf(provider: string, before: Gate, after: Gate, atMs: number): GateChange | undefined {
  const closed = (change: GateChange["change"], untilMs: number): GateChange => {
    return { provider, change, until: new Date(untilMs).toISOString() };
  };
  const { stops, circuit } = after;
  const detail = after.detail?.slice(0, longestDetail);
  if (after.stoppedUntilMs > before.stoppedUntilMs) {
    return { ...closed("stopped", after.stoppedUntilMs), repeats: stops, detail };
  }
  if (circuitUntilMs(after) > circuitUntilMs(before)) {
    return { ...closed("out", circuit.openUntilMs), repeats: circuit.openings, detail };
  }
  if (after.throttledUntilMs > before.throttledUntilMs) return closed("throttled", after.throttledUntilMs);
  if (isProbing(before, atMs) && !isProbing(after, atMs)) return { provider, change: "mended" };
  return undefined;
}

/** The gate after what another replica, or a person, told. Hearing it twice changes nothing. */
export function heedChange(gate: Gate, { change, until, repeats = 1, detail }: GateChange, atMs: number): Gate {
  const untilMs = until === undefined ? 0 : Date.parse(until);
  switch (change) {
    case "throttled":
      return { ...gate, throttledUntilMs: Math.max(gate.throttledUntilMs, untilMs) };
    case "out":
      return { ...gate, circuit: openUntil(gate.circuit, { openUntilMs: untilMs, openings: repeats }), detail };
    case "stopped": {
      const stops = Math.max(gate.stops, repeats);
      return { ...gate, stoppedUntilMs: Math.max(gate.stoppedUntilMs, untilMs), stops, detail };
    }
    case "paused":
      return { ...gate, heldUntilMs: Math.max(gate.heldUntilMs, untilMs) };
    case "mended":
      if (gate.stops === 0 && gate.circuit.state === "closed") return gate;
      return { ...gate, circuit: closedCircuit, stoppedUntilMs: 0, stops: 0, detail: undefined };
    case "resumed":
      // A person believes that it works again: a probe shows it at once. What the provider asked for stays.
      return {
        ...gate,
        circuit: probeNow(gate.circuit),
        stoppedUntilMs: Math.min(gate.stoppedUntilMs, atMs),
        heldUntilMs: 0,
      };
  }
}

/** The gate after its consumer's pause was read: the truth where a change was not heard. */
export function heedHold(gate: Gate, heldUntilMs: number): Gate {
  return { ...gate, heldUntilMs };
}

/** After a stop or an opened circuit one submit at a time shows whether the provider is back. */
export function isProbing(gate: Gate, nowMs: number): boolean {
  return gate.stops > 0 || passTime(gate.circuit, nowMs).state === "probing";
}

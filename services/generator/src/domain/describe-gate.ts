import type { Gate as GateView } from "@tirage/contracts";
import { passTime } from "./circuit.ts";
import { closedUntilMs, type Gate, isProbing } from "./gate.ts";

/** The gate as operators read it. A stop stays one until a submit was taken, also while it is probed. */
export function describeGate(provider: string, gate: Gate, nowMs: number): GateView {
  const untilMs = closedUntilMs(gate);
  const isClosed = untilMs > nowMs;
  return {
    provider,
    state: stateOf(gate, nowMs),
    until: isClosed ? new Date(untilMs).toISOString() : null,
    reason: reasonOf(gate, nowMs),
    circuit: passTime(gate.circuit, nowMs).state,
    detail: gate.detail ?? null,
  };
}

function stateOf(gate: Gate, nowMs: number): GateView["state"] {
  if (gate.stops > 0) return "stopped";
  if (closedUntilMs(gate) > nowMs) return "paused";
  return isProbing(gate, nowMs) ? "probing" : "open";
}

function reasonOf(gate: Gate, nowMs: number): GateView["reason"] {
  if (gate.stops > 0) return "stopped";
  if (passTime(gate.circuit, nowMs).state !== "closed") return "out";
  if (gate.throttledUntilMs > nowMs) return "throttled";
  return gate.heldUntilMs > nowMs ? "held" : null;
}

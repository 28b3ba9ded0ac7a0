/** When a provider may be given submits: what its last answers say. Pure; all figures in milliseconds. */
import { type Circuit, closedCircuit, passTime, recordSubmit } from "./circuit.ts";

/** What one submit told of the provider. */
export type ProviderSign =
  | { readonly kind: "well" }
  /** Refused for now, such as by 429: nothing before this long. */
  | { readonly kind: "throttled"; readonly retryAfterMs: number }
  /** No answer, or none that can be read. */
  | { readonly kind: "out" }
  /** 401, 402, 403: a person must mend key, balance or account. */
  | { readonly kind: "stopped" };

export interface Gate {
  readonly circuit: Circuit;
  readonly closedUntilMs: number;
  /** Stops since the provider last took a submit; each doubles the pause. */
  readonly stops: number;
}

export const openGate: Gate = { circuit: closedCircuit, closedUntilMs: 0, stops: 0 };

const shortestStopMs = 30_000;
const longestStopMs = 300_000;

export function recordSign(gate: Gate, sign: ProviderSign, atMs: number): Gate {
  const circuit = recordSubmit(passTime(gate.circuit, atMs), { atMs, bad: sign.kind === "out" });
  const circuitUntilMs = circuit.state === "open" ? circuit.openUntilMs : 0;
  switch (sign.kind) {
    case "well":
      return { circuit, closedUntilMs: gate.closedUntilMs, stops: 0 };
    case "throttled":
      return { ...gate, circuit, closedUntilMs: Math.max(gate.closedUntilMs, atMs + sign.retryAfterMs) };
    case "out":
      return { ...gate, circuit, closedUntilMs: Math.max(gate.closedUntilMs, circuitUntilMs) };
    case "stopped": {
      // Those that were under way when the first was refused say nothing new.
      if (gate.closedUntilMs > atMs) return { ...gate, circuit };
      const pauseMs = Math.min(longestStopMs, shortestStopMs * 2 ** gate.stops);
      return { circuit, closedUntilMs: atMs + pauseMs, stops: gate.stops + 1 };
    }
  }
}

/** After a stop or an opened circuit one submit at a time shows whether the provider is back. */
export function isProbing(gate: Gate, nowMs: number): boolean {
  return gate.stops > 0 || passTime(gate.circuit, nowMs).state === "probing";
}

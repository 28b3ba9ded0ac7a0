/** Whether a provider is out, judged by its last submits. Pure; all figures in milliseconds. */

const countedSubmits = 20;
const countedMs = 30_000;
const fewestSubmits = 5;
const badShare = 0.5;
const shortestOpenMs = 5_000;
const longestOpenMs = 60_000;

/** `probing`: the pause is over, and one submit at a time shows whether the provider is back. */
export interface Circuit {
  readonly state: "closed" | "open" | "probing";
  readonly submits: readonly { readonly atMs: number; readonly bad: boolean }[];
  /** End of the pause; meaningful while open. */
  readonly openUntilMs: number;
  /** Openings since the provider last accepted a submit; each doubles the pause. */
  readonly openings: number;
}

export const closedCircuit: Circuit = { state: "closed", submits: [], openUntilMs: 0, openings: 0 };

function open({ openings }: Circuit, atMs: number): Circuit {
  const pauseMs = Math.min(longestOpenMs, shortestOpenMs * 2 ** openings);
  return { state: "open", submits: [], openUntilMs: atMs + pauseMs, openings: openings + 1 };
}

/** The circuit after a submit; `bad`: connection refused, 5xx or outcome unknown. */
export function recordSubmit(circuit: Circuit, { atMs, bad }: { atMs: number; bad: boolean }): Circuit {
  if (circuit.state === "open") return circuit;
  if (circuit.state === "probing") return bad ? open(circuit, atMs) : closedCircuit;
  const recent = circuit.submits.filter((submit) => atMs - submit.atMs < countedMs);
  const submits = [...recent, { atMs, bad }].slice(-countedSubmits);
  const badSubmits = submits.filter((submit) => submit.bad).length;
  if (submits.length >= fewestSubmits && badSubmits >= submits.length * badShare) return open(circuit, atMs);
  return { ...circuit, submits };
}

/** The circuit as time passes: an open one probes once its pause is over. */
export function passTime(circuit: Circuit, nowMs: number): Circuit {
  return circuit.state === "open" && nowMs >= circuit.openUntilMs ? { ...circuit, state: "probing" } : circuit;
}

/** The circuit after another replica's has opened. */
export function openUntil(
  circuit: Circuit,
  opened: { readonly openUntilMs: number; readonly openings: number },
): Circuit {
  if (circuit.state === "open" && circuit.openUntilMs >= opened.openUntilMs) return circuit;
  const openings = Math.max(circuit.openings, opened.openings);
  return { state: "open", submits: [], openUntilMs: opened.openUntilMs, openings };
}

/** An open circuit that need not wait for the end of its pause. */
export function probeNow(circuit: Circuit): Circuit {
  return circuit.state === "open" ? { ...circuit, state: "probing" } : circuit;
}

import { describe, expect, test } from "vitest";
import { type Circuit, closedCircuit, passTime, recordSubmit } from "./circuit.ts";

function afterSubmits(circuit: Circuit, outcomes: readonly boolean[], atMs = 0): Circuit {
  return outcomes.reduce((current, bad) => recordSubmit(current, { atMs, bad }), circuit);
}
const outage = [true, true, true, true, true];

describe("recordSubmit", () => {
  test("four bad submits, stays closed", () => {
    expect(afterSubmits(closedCircuit, outage.slice(1)).state).toBe("closed");
  });
  test("half of the last submits bad, opens for 5 s", () => {
    const circuit = afterSubmits(closedCircuit, [false, true, false, true, false, true]);
    expect(circuit).toMatchObject({ state: "open", openUntilMs: 5_000 });
  });
  test("bad submits older than 30 s, are not counted", () => {
    const circuit = afterSubmits(closedCircuit, outage.slice(1));
    expect(recordSubmit(circuit, { atMs: 30_000, bad: true }).state).toBe("closed");
  });
  test("fault 36: a probe succeeds after the pause, closes and forgets", () => {
    const probing = passTime(afterSubmits(closedCircuit, outage), 5_000);
    expect(probing.state).toBe("probing");
    expect(recordSubmit(probing, { atMs: 5_000, bad: false })).toEqual(closedCircuit);
  });
  test("probes keep failing, the pause doubles to 60 s", () => {
    let circuit = afterSubmits(closedCircuit, outage);
    const pausesMs: number[] = [];
    for (let probe = 0; probe < 5; probe += 1) {
      const atMs = circuit.openUntilMs;
      circuit = recordSubmit(passTime(circuit, atMs), { atMs, bad: true });
      pausesMs.push(circuit.openUntilMs - atMs);
    }
    expect(pausesMs).toEqual([10_000, 20_000, 40_000, 60_000, 60_000]);
  });
});

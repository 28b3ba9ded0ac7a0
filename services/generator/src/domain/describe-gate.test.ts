import { expect, test } from "vitest";
import { describeGate } from "./describe-gate.ts";
import { closedUntilMs, heedHold, openGate, recordSign } from "./gate.ts";

const instant = (atMs: number) => new Date(atMs).toISOString();
const describe = (gate: typeof openGate, atMs: number) => describeGate("fal", gate, atMs);

test("describeGate: nothing happened, open", () => {
  expect(describe(openGate, 0)).toEqual({
    ...{ provider: "fal", state: "open", until: null, reason: null, circuit: "closed", detail: null },
  });
});

test("describeGate: throttled, paused until then and open afterwards", () => {
  const gate = recordSign(openGate, { kind: "throttled", retryAfterMs: 2_000 }, 0);
  expect(describe(gate, 0)).toMatchObject({ state: "paused", until: instant(2_000), reason: "throttled" });
  expect(describe(gate, 2_000)).toMatchObject({ state: "open", until: null, reason: null });
});

test("describeGate: the account refused, stopped with the provider's words, also while it is probed, until a submit is taken", () => {
  const gate = recordSign(openGate, { kind: "stopped", detail: "Payment required" }, 0);
  const stopped = { state: "stopped", reason: "stopped", detail: "Payment required" };
  expect(describe(gate, 0)).toMatchObject({ ...stopped, until: instant(30_000) });
  expect(describe(gate, 30_000)).toMatchObject({ ...stopped, until: null });
  const mended = recordSign(gate, { kind: "well" }, 30_000);
  expect(describe(mended, 30_000)).toMatchObject({ state: "open", reason: null, detail: null });
});

test("describeGate: the provider is out, paused with an open circuit, then probing", () => {
  let gate = openGate;
  for (let submit = 0; submit < 5; submit += 1) gate = recordSign(gate, { kind: "out", detail: "no answer" }, 0);
  expect(describe(gate, 0)).toMatchObject({ state: "paused", reason: "out", circuit: "open", detail: "no answer" });
  expect(describe(gate, closedUntilMs(gate))).toMatchObject({ state: "probing", reason: "out", circuit: "probing" });
});

test("describeGate: its queue is paused, held until then", () => {
  expect(describe(heedHold(openGate, 9_000), 0)).toMatchObject({
    ...{ state: "paused", until: instant(9_000), reason: "held" },
  });
});

import { silentLogger } from "@tirage/messaging/testing";
import { expect, test } from "vitest";
import { rejection } from "../../test/billed-worker.ts";
import { createProviderGate, type ProviderGate } from "./provider-gate.ts";

/** Two replicas that hear each other; `hears` says whether a hint arrives. */
function twoReplicas({ hears = true }: { hears?: boolean } = {}) {
  const gates: ProviderGate[] = [];
  const held: { until: Date | undefined } = { until: undefined };
  const open = () =>
    createProviderGate({
      ...{ provider: "fal", logger: silentLogger },
      readHold: async () => held.until,
      onChanged(change) {
        if (change.until) held.until = new Date(change.until);
        if (hears) for (const gate of gates) gate.heed(change);
      },
    });
  const [one, other] = [open(), open()];
  gates.push(one, other);
  const resume = () => {
    held.until = undefined;
    for (const gate of gates) gate.heed({ provider: "fal", change: "resumed" });
  };
  return { one, other, resume };
}
const gateOf = (readHold: () => Promise<Date | undefined>) =>
  createProviderGate({ ...{ provider: "fal", logger: silentLogger, readHold }, onChanged: () => undefined });
const gated = { code: "provider_gated" };

test("fault 35: enter: another replica was throttled, refused before the next submit", async () => {
  const { one, other } = twoReplicas();
  using _pass = await other.enter();

  one.record({ kind: "throttled", retryAfterMs: 2_000 });

  expect(await rejection(other.enter())).toMatchObject(gated);
});

test("fault 35: enter: the hint of another replica was lost, the consumer's pause says the same", async () => {
  const { one, other } = twoReplicas({ hears: false });

  one.record({ kind: "throttled", retryAfterMs: 2_000 });

  expect(await rejection(other.enter())).toMatchObject(gated);
});

test("enter: closed for minutes, put off for five seconds at most", async () => {
  const gate = gateOf(async () => new Date(Date.now() + 600_000));

  const { delayMs } = (await rejection(gate.enter())) as { delayMs: number };

  expect(delayMs).toBeGreaterThanOrEqual(5_000);
  expect(delayMs).toBeLessThan(6_000);
});

test("enter: asked a hundred times within a second, the consumer's pause is read once", async () => {
  let reads = 0;
  const gate = gateOf(async () => {
    reads += 1;
    return undefined;
  });

  const passes = await Promise.all(Array.from({ length: 100 }, () => gate.enter()));

  expect(reads).toBe(1);
  for (const pass of passes) pass[Symbol.dispose]();
});

test("enter: the broker is away or does not answer, the gate says what it knows, soon", async () => {
  using _away = await gateOf(() => Promise.reject(new Error("away"))).enter();
  const begun = performance.now();
  using _silent = await gateOf(() => new Promise(() => undefined)).enter();
  expect(performance.now() - begun).toBeLessThan(2_000);
});

test("enter: after a stop, one submit at a time until one goes well, for both replicas", async () => {
  const { one, other, resume } = twoReplicas();
  one.record({ kind: "stopped", detail: "402" });
  resume();

  using _probe = await other.enter();
  expect(await rejection(other.enter())).toMatchObject(gated);
  other.record({ kind: "well" });

  using _next = await other.enter();
  using _first = await one.enter();
  using _second = await one.enter();
});

import { expect, test } from "vitest";
import { createIntake } from "./intake.ts";

/** A pull that lasts until it is called back and then until it is let go. */
function startPull(intake: ReturnType<typeof createIntake>) {
  const called = Promise.withResolvers<void>();
  const last = Promise.withResolvers<void>();
  let begun = 0;
  const ended = intake.ask(async (signal) => {
    begun += 1;
    signal.addEventListener("abort", () => called.resolve(), { once: true });
    await last.promise;
  });
  return { calledBack: called.promise, letGo: () => last.resolve(), ended, begun: () => begun };
}
const tick = () => new Promise((resolve) => setImmediate(resolve));

test("createIntake: closed while messages are asked for, dry only once the pull is called back and has ended", async () => {
  const intake = createIntake(new AbortController().signal);
  const pull = startPull(intake);
  await tick();
  expect(intake.isDry).toBe(false);
  intake.close();
  await pull.calledBack;
  expect(intake.isDry).toBe(false);
  pull.letGo();
  await pull.ended;
  expect(intake.isDry).toBe(true);
});

test("createIntake: closed, nothing is asked for until it is opened, also when it is closed twice between", async () => {
  const intake = createIntake(new AbortController().signal);
  intake.close();
  const pull = startPull(intake);
  intake.close();
  await tick();
  expect(pull.begun()).toBe(0);
  intake.open();
  await tick();
  expect(pull.begun()).toBe(1);
  expect(intake.isDry).toBe(false);
  pull.letGo();
  await pull.ended;
});

test("createIntake: closed and stopping, whoever waits to ask is let go and asks for nothing", async () => {
  const stopping = new AbortController();
  const intake = createIntake(stopping.signal);
  intake.close();
  const pull = startPull(intake);
  stopping.abort();
  await pull.ended;
  expect(pull.begun()).toBe(0);
});

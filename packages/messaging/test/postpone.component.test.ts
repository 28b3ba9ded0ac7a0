/** Work that must wait long leaves its queue and comes back by itself. */
import { workConsumer, workDueConsumer, workRequested } from "@tirage/contracts";
import { buildWorkRequested } from "@tirage/contracts/testing";
import { eventually, startTestNats } from "@tirage/testkit";
import { expect, test } from "vitest";
import { applyTopology, connectBroker, consume, defineHandler, PostponeError, publish } from "../src/index.ts";
import { silentLogger } from "../src/testing.ts";

test("postpone: a handler puts its work off, it comes back when due as a first delivery", async () => {
  await using nats = await startTestNats();
  await using broker = await connectBroker({ servers: [nats.url], service: "conformance", logger: silentLogger });
  const work = buildWorkRequested();
  const consumer = workConsumer(work.payload.provider, 1);
  await applyTopology(broker, [consumer, workDueConsumer]);
  const seen: { epoch: number; deliveryCount: number; atMs: number }[] = [];
  const tail = work.subject.slice("work.".length);
  const onWork = defineHandler({
    consumer,
    async handle({ payload, deliveryCount }) {
      seen.push({ epoch: payload.epoch, deliveryCount, atMs: Date.now() });
      if (seen.length > 1) return [];
      const next = workRequested.create({ ...payload, epoch: payload.epoch + 1 });
      const later = { ...next, subject: `later.${tail}` };
      throw new PostponeError("gate_closed", "the gate is closed", {
        delayMs: 1_500,
        later,
        dueSubject: `due.${tail}`,
      });
    },
  });
  const onDue = defineHandler({
    consumer: workDueConsumer,
    async handle({ payload }) {
      return [workRequested.create(payload)];
    },
  });
  await using _due = consume(broker, onDue, { slots: 1, ahead: false });
  await using _work = consume(broker, onWork, { slots: 1, ahead: false });
  await publish(broker, work);
  await eventually(() => seen.length === 2, { timeoutMs: 10_000 });
  const [first, second] = seen;
  expect(second).toMatchObject({ epoch: work.payload.epoch + 1, deliveryCount: 1 });
  expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(1_000);
});

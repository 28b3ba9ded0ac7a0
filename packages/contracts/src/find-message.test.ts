import { expect, test } from "vitest";
import { findMessage } from "./find-message.ts";
import { testOrderId } from "./testing.ts";

const orderId = testOrderId(1);

test.each([
  [`work.fal.${orderId}.1`, "work.requested"],
  [`item.completed.${orderId}.0`, "item.completed"],
  [`order.cancel_requested.${orderId}`, "order.cancel_requested"],
  [`dispatch.fal.standard.local.${orderId}`, "dispatch.entry"],
  [`work.fal.${orderId}`, undefined],
  [`order.unheard_of.${orderId}`, undefined],
  ["$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.WORK.generator-work-fal", undefined],
])("findMessage: no type, the subject %s, is %s", (subject, name) => {
  expect(findMessage({ type: undefined, subject })?.name).toBe(name);
});

test("findMessage: a type and a subject of another message, the type counts", () => {
  expect(findMessage({ type: "tirage.work.requested.v1", subject: `due.work.fal.${orderId}.1` })?.name).toBe(
    "work.requested",
  );
});

test("findMessage: a version that is not known, none", () => {
  expect(findMessage({ type: "tirage.work.requested.v2", subject: `work.fal.${orderId}.1` })).toBeUndefined();
});

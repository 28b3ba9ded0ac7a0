import type { DeadLetter } from "@tirage/client";
import { expect, test } from "vitest";
import { groupDeadLetters } from "./group-dead-letters.ts";

const letter = (id: string, reason: string, deadAt: string, code = "malformed"): DeadLetter => ({
  id,
  code,
  reason,
  stream: "EVENTS",
  subject: "item.completed",
  durable: "status-aggregator",
  deliveryCount: 1,
  deadAt,
  orderId: null,
  index: null,
  traceId: null,
  body: "{}",
  bodyEncoding: "utf8",
  headers: {},
});

test("groupDeadLetters: reasons that differ by id, number or quoted text alone, makes one group, newest first", () => {
  const groups = groupDeadLetters([
    letter("1", 'item 01a20c85-d272-7e96-af2d-a28199418d0a has "x" 3 times', "2026-11-24T10:00:00Z"),
    letter("2", "no JSON", "2026-11-24T10:01:00Z"),
    letter("3", 'item 01a20c85-d272-8040-af2d-a28199418d0a has "y" 12 times', "2026-11-24T10:02:00Z"),
    letter("4", "no JSON", "2026-11-24T09:00:00Z", "crash_loop"),
  ]);
  expect(groups.map(({ code, letters }) => [code, letters.map(({ id }) => id)])).toEqual([
    ["malformed", ["3", "1"]],
    ["malformed", ["2"]],
    ["crash_loop", ["4"]],
  ]);
});

import { orderRequest } from "@tirage/contracts";
import { expect, test } from "vitest";
import { orderStatuses } from "./commands/order-list.ts";
import { draftOfFlags, flagOfPointer, priorities, readValue, remainders, shortfalls } from "./order-flags.ts";

test.each([
  ["/batchSize", "--batch-size"],
  ["/parameters/image_size", "--parameter image_size"],
  ["/parameters/a~1b", "--parameter a/b"],
  ["/orders/3/prompt", "/orders/3/prompt"],
  ["", "the request"],
])("flagOfPointer: %s, %s", (pointer, flag) => {
  expect(flagOfPointer(pointer)).toBe(flag);
});

test("flagOfPointer: every field of an order, a flag", () => {
  const fields = Object.keys(orderRequest.shape);

  expect(fields.filter((field) => !flagOfPointer(`/${field}`).startsWith("--"))).toEqual([]);
});

test("choices: those of the contracts, no more and no fewer", () => {
  const { priority, remainder, shortfall } = orderRequest.shape;
  const isTaken = (field: { safeParse(value: unknown): { success: boolean } }, value: string) =>
    field.safeParse(value).success;

  expect(priorities.every((value) => isTaken(priority, value))).toBe(true);
  expect([...remainders].sort()).toEqual([...remainder.unwrap().options].sort());
  expect([...shortfalls].sort()).toEqual([...shortfall.unwrap().options].sort());
  expect([...priorities].sort()).toEqual([...priority.unwrap().options].sort());
});

test("draftOfFlags: flags of other purposes beside those of the order, only the order", () => {
  const flags = { prompt: "a", batchSize: 2, parameter: { steps: 8 }, watch: true, out: "x", seed: undefined };

  expect(draftOfFlags(flags)).toEqual({ prompt: "a", batchSize: 2, parameters: { steps: 8 } });
});

test.each([
  ["8", 8],
  ["true", true],
  ['{"a":1}', { a: 1 }],
  ["square_hd", "square_hd"],
  ['"8"', "8"],
  ["", ""],
])("readValue: %s, as JSON or as text", (text, value) => {
  expect(readValue(text)).toEqual(value);
});

test("orderStatuses: every status that an order can have", async () => {
  const { orderStatus } = await import("@tirage/contracts");

  expect([...orderStatuses].sort()).toEqual([...orderStatus.options].sort());
});

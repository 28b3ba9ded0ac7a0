import { buildOrderCreated } from "@tirage/contracts/testing";
import { expect, test } from "vitest";
import { sliceOrder } from "./slice-order.ts";

const entry = { order: buildOrderCreated().payload, next: 0, attempt: 1, epoch: 0 };

test("sliceOrder: an order of three with a quantum of two, gives two works and an entry for the last", () => {
  const { work, rest } = sliceOrder(entry, 2);
  expect(work.map(({ payload }) => [payload.index, payload.batchSize, payload.seed])).toEqual([
    [0, 4, 7],
    [1, 4, 8],
  ]);
  expect(rest?.payload.next).toBe(2);
});

test("sliceOrder: the last generation, asks what is left and leaves no entry", () => {
  const { work, rest } = sliceOrder({ ...entry, next: 2 }, 500);
  expect(work.map(({ payload }) => payload.batchSize)).toEqual([2]);
  expect(rest).toBeUndefined();
});

test("sliceOrder: the same entry twice, gives messages of the same ids and subjects", () => {
  const ids = () => sliceOrder(entry, 3).work.map(({ id, subject }) => [id, subject]);
  expect(ids()).toEqual(ids());
});

test("sliceOrder: a later epoch, gives the same subjects under other ids", () => {
  const first = sliceOrder(entry, 3).work;
  const again = sliceOrder({ ...entry, epoch: 1 }, 3).work;
  expect(again.map(({ subject }) => subject)).toEqual(first.map(({ subject }) => subject));
  expect(again.some(({ id }, position) => id === first[position]?.id)).toBe(false);
});

test("sliceOrder: an entry of ranges, gives their items at their attempts and sizes, and counts within them", () => {
  const ranges = [
    { from: 0, to: 0, attempt: 2 },
    { from: 2, to: 4, attempt: 1, batchSize: 3 },
  ];
  const first = sliceOrder({ ...entry, ranges, epoch: 9 }, 2);
  expect(
    first.work.map(({ payload: { index, attempt, batchSize, epoch } }) => [index, attempt, batchSize, epoch]),
  ).toEqual([
    [0, 2, 4, 9],
    [2, 1, 3, 9],
  ]);
  if (!first.rest) throw new Error("two items are left");
  const second = sliceOrder(first.rest.payload, 500);
  expect(second.work.map(({ payload: { index, seed } }) => [index, seed])).toEqual([
    [3, 10],
    [4, 11],
  ]);
  expect(second.rest).toBeUndefined();
});

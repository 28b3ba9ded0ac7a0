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

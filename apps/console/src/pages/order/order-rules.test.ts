import type { Item, Order, Product } from "@tirage/client";
import { expect, test } from "vitest";
import { keepNewestOrder, mergeProducts } from "../../api/keep-newest.ts";
import {
  formatAbsoluteTime,
  formatDuration,
  formatEstimate,
  formatMoney,
  formatRelativeTime,
} from "../../components/format.ts";
import { describeCost } from "./describe-cost.ts";
import { describeGenerations, describeImages, describeTab } from "./describe-progress.ts";
import { expectedAspect } from "./expected-aspect.ts";
import { countItemsOfSlots, fillSlots } from "./tile-slots.ts";
import { listSteps } from "./timeline-steps.ts";

const order = {
  id: "o",
  version: 3,
  status: "processing",
  prompt: "a lighthouse",
  parameters: {},
  progress: {
    items: { total: 3, pending: 0, processing: 1, completed: 1, failed: 1, cancelled: 0 },
    products: { requested: 10, produced: 4 },
  },
} as unknown as Order;
const product = (index: number) => ({ id: `p${index}`, index, width: 1024, height: 768 }) as Product;

test("describeProgress: some done, running and failed, each is counted and what is none is left out", () => {
  expect(describeImages(order)).toBe("4 of 10 images");
  expect(describeGenerations(order)).toBe("1 of 3 generations done · 1 running · 1 failed");
  expect(describeTab(order)).toBe("(4/10) a lighthouse");
});

test("fillSlots: products in any order, each at its place; those of further calls fill the gaps", () => {
  const slots = fillSlots([product(4), product(0), product(12), product(1)], { totalProducts: 6, batchSize: 4 }, 10);

  expect(slots.map((slot) => slot.product?.id)).toEqual(["p0", "p1", "p12", undefined, "p4", undefined]);
  expect(slots.map((slot) => slot.itemIndex)).toEqual([0, 0, 0, 0, 1, 1]);
});

test("countItemsOfSlots: as many as the last empty slot needs, in steps; none when all are filled", () => {
  const slots = fillSlots([product(0), product(1)], { totalProducts: 60, batchSize: 1 }, 200);

  expect(countItemsOfSlots(slots.slice(0, 2))).toBe(0);
  expect(countItemsOfSlots(slots.slice(0, 50))).toBe(50);
  expect(countItemsOfSlots(slots)).toBe(100);
});

test("keepNewestOrder: an answer that was overtaken, the newer one stays", () => {
  expect(keepNewestOrder(order, { ...order, version: 2 })).toBe(order);
  expect(keepNewestOrder(order, { ...order, version: 4 }).version).toBe(4);
});

test("mergeProducts: told twice and out of order, each once and in order", () => {
  expect(mergeProducts([product(2)], [product(0), product(2)]).map(({ index }) => index)).toEqual([0, 2]);
});

const at = (second: number) => new Date(second * 1_000).toISOString();
const item = (timeline: Partial<Item["timeline"]>) =>
  ({
    timeline: {
      createdAt: at(0),
      claimedAt: null,
      submittedAt: null,
      acceptedAt: null,
      generatedAt: null,
      storedAt: null,
      finishedAt: null,
      ...timeline,
    },
  }) as Item;
const stepsOf = (timeline: Partial<Item["timeline"]>) =>
  listSteps(item(timeline), Date.parse(at(0)), 10_000).map(
    ({ name, durationMs, isRunning }) => `${name} ${durationMs}${isRunning ? "…" : ""}`,
  );

test.each<[string, Partial<Item["timeline"]>, string[]]>([
  ["queued", {}, ["Queued 10000…"]],
  ["at the provider", { claimedAt: at(1), acceptedAt: at(2) }, ["Queued 1000", "Dispatched 1000", "Provider 8000…"]],
  [
    "done",
    { claimedAt: at(1), acceptedAt: at(2), generatedAt: at(5), storedAt: at(6), finishedAt: at(6) },
    ["Queued 1000", "Dispatched 1000", "Provider 3000", "Stored 1000"],
  ],
  [
    "failed at the provider",
    { claimedAt: at(1), acceptedAt: at(2), finishedAt: at(4) },
    ["Queued 1000", "Dispatched 1000", "Provider 2000"],
  ],
  ["cancelled while queued", { finishedAt: at(3) }, ["Queued 3000"]],
])("listSteps: %s", (_, timeline, steps) => {
  expect(stepsOf(timeline)).toEqual(steps);
});

test("listSteps: ordered before its start, the wait for that is not counted", () => {
  expect(listSteps(item({ finishedAt: at(6) }), Date.parse(at(2)), 10_000)[0]?.durationMs).toBe(4_000);
  const addedLater = item({ createdAt: at(5), finishedAt: at(6) });
  expect(listSteps(addedLater, Date.parse(at(2)), 10_000)[0]?.durationMs).toBe(1_000);
});

test("describeCost: what is charged and what is delivered, both told where they differ", () => {
  const cost = { estimatedMicroUsd: 30_000, actualMicroUsd: 12_000 };
  const running = { ...order, plan: { totalProducts: 10 }, cost } as Order;
  const ended = { ...running, status: "completed" } as Order;
  const ledger = { accepted: 2, paid: 5, delivered: 4, paidTwice: 0, unknown: 0 };

  expect(describeCost(running)).toBe("$0.012 of about $0.030");
  expect(describeCost(ended, { ...ledger, paid: 4 })).toBe("$0.012");
  expect(describeCost(ended, ledger)).toBe("$0.015 for 5 charged ($0.012 for 4 delivered)");
});

test("expectedAspect: of the first image, of a preset, of a ratio, else square", () => {
  expect(expectedAspect(order, [product(0)])).toBeCloseTo(4 / 3);
  expect(expectedAspect({ ...order, parameters: { image_size: "portrait_16_9" } }, [])).toBeCloseTo(9 / 16);
  expect(expectedAspect({ ...order, parameters: { aspect_ratio: "3:2" } }, [])).toBeCloseTo(1.5);
  expect(expectedAspect(order, [], { image_size: { type: "any", default: "landscape_4_3" } })).toBeCloseTo(4 / 3);
  expect(expectedAspect(order, [])).toBe(1);
});

test("format: durations, money and times as people say them", () => {
  expect([420, 4_200, 65_000, 7_380_000].map(formatDuration)).toEqual(["420 ms", "4.2 s", "1 min 05 s", "2 h 03 min"]);
  expect([120, 866, 1_600, 61_000].map(formatEstimate)).toEqual(["1 s", "1 s", "2 s", "1 min 01 s"]);
  expect([0, 3_000, 30_000, 12_500_000].map(formatMoney)).toEqual(["$0.00", "$0.0030", "$0.030", "$12.50"]);
  expect(formatAbsoluteTime(at(0))).toMatch(/19(69|70).*\(1970-01-01T00:00:00\.000Z\)$/);
  expect(formatRelativeTime(at(0), 3 * 60_000)).toBe("3 minutes ago");
});

import { expect, test } from "vitest";
import { createDeliveryRates } from "./delivery-rates.ts";

test("note: a queue seen for the first time, no rate yet; seen again, deliveries a minute", () => {
  let now = 0;
  const rates = createDeliveryRates(() => now);

  expect(rates.note("fal", 100)).toBeNull();
  now = 500;
  expect(rates.note("fal", 101)).toBeNull();
  now = 10_000;
  expect(rates.note("fal", 120)).toBe(120);
  expect(rates.note("replicate", 7)).toBeNull();
});

test("note: what was seen more than a minute ago, counts no more", () => {
  let now = 0;
  const rates = createDeliveryRates(() => now);
  rates.note("fal", 0);
  now = 30_000;
  rates.note("fal", 600);
  now = 90_000;

  expect(rates.note("fal", 610)).toBe(10);
});

test("note: a consumer made anew, counts from there", () => {
  let now = 0;
  const rates = createDeliveryRates(() => now);
  rates.note("fal", 500);
  now = 10_000;

  expect(rates.note("fal", 3)).toBeNull();
  now = 20_000;
  expect(rates.note("fal", 8)).toBe(30);
});

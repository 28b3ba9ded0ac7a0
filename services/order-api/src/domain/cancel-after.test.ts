import { expect, test } from "vitest";
import { limitLifetime, readLifetimeMs } from "./cancel-after.ts";

test.each([
  ["90", 90],
  ["90s", 90],
  ["5m", 300],
  ["1h", 3_600],
  ["2h30m", 9_000],
  ["1h30m45s", 5_445],
  ["1h5s", 3_605],
  ["5", 5],
  ["999999h", 3_599_996_400],
])("Cancel-After: %s, %i seconds", (text, seconds) => {
  expect(readLifetimeMs(text)).toBe(seconds * 1_000);
});

test.each([[""], ["4"], ["4s"], ["0m"], ["soon"], ["1.5m"], ["-5m"], ["5 m"], ["30m1h"], ["1h30"], ["1d"], ["5m, 5m"]])(
  "Cancel-After: %s, nothing that can be read",
  (text) => {
    expect(readLifetimeMs(text)).toBeUndefined();
  },
);

const request = {
  ...{ provider: "fal", model: "fal-ai/flux/schnell", prompt: "a lighthouse", parameters: {}, metadata: {} },
  ...({ quantity: 1, remainder: "exact", shortfall: "accept", priority: "standard" } as const),
};
const createdAt = new Date("2026-11-24T12:00:00Z");

test("limitLifetime: a minute, expires a minute after it was placed", () => {
  const limited = limitLifetime(request, 60_000, createdAt);
  expect(limited).toEqual({ request: { ...request, expiresAt: "2026-11-24T12:01:00.000Z" }, faults: [] });
});

test("limitLifetime: with expiresAt, or over before it starts, a fault of the header", () => {
  const twice = limitLifetime({ ...request, expiresAt: "2026-11-25T00:00:00Z" }, 60_000, createdAt);
  const tooLate = limitLifetime({ ...request, startAt: "2026-11-24T12:01:00Z" }, 60_000, createdAt);
  for (const { faults } of [twice, tooLate]) {
    expect(faults.map(({ pointer }) => pointer)).toEqual(["/headers/cancel-after"]);
  }
});

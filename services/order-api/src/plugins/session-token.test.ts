import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { openSession, sealOfHash, sealSession, sessionSeconds } from "./session-token.ts";

const sealOf = (key: string) => sealOfHash(createHash("sha256").update(key).digest());
const seals = ["blue-key", "red-key"].map(sealOf);
const nowMs = Date.UTC(2026, 10, 24);

test("openSession: one of several keys, until it expires", () => {
  const token = sealSession("red-key", nowMs);

  expect(openSession(token, seals, nowMs + sessionSeconds * 1_000 - 1)).toBe("red-key");
  expect(openSession(token, seals, nowMs + sessionSeconds * 1_000)).toBeUndefined();
  expect(token).not.toContain("red-key");
  expect(sealSession("red-key", nowMs)).not.toBe(token);
});

test("openSession: its key is not known any more, nothing", () => {
  expect(openSession(sealSession("green-key", nowMs), seals, nowMs)).toBeUndefined();
});

test.each([
  ["a later expiry", (token: string) => token.replace(/^\d+/, (expiry) => String(Number(expiry) + 1))],
  ["another last character", (token: string) => token.slice(0, -2) + (token.at(-2) === "A" ? "B" : "A") + token.at(-1)],
  ["its end missing", (token: string) => token.slice(0, -4)],
  ["hardly anything", () => "9999999999.AAAA"],
  ["no expiry", (token: string) => token.slice(token.indexOf("."))],
  ["the key itself", () => "red-key"],
])("openSession: %s, nothing", (_circumstance, change) => {
  expect(openSession(change(sealSession("red-key", nowMs)), seals, nowMs)).toBeUndefined();
});

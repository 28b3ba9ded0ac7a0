import { expect, test } from "vitest";
import { isAtLeast, requireServerVersion } from "./server-version.ts";

test.each([
  ["2.12.7", true],
  ["2.12.10", true],
  ["2.15.1", true],
  ["3.0.0", true],
  ["2.14.0-RC.1", true],
  ["2.12.6", false],
  ["2.9.10", false],
  ["1.99.99", false],
])("isAtLeast: server %s against 2.12.7, answers %s", (version, expected) => {
  expect(isAtLeast(version, "2.12.7")).toBe(expected);
});

test("requireServerVersion: an old server, is refused in one line that names both versions", () => {
  expect(() => requireServerVersion("2.10.27")).toThrow(/2\.10\.27.*2\.12\.7/);
});

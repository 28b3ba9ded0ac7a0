import { expect, test } from "vitest";
import { isAtLeast, readNatsVersion } from "./nats-version.ts";

test("readNatsVersion: what nats-server --version prints, the version alone", () => {
  expect(readNatsVersion("nats-server: v2.15.1\n")).toBe("2.15.1");
  expect(readNatsVersion("nats-server: version 2.9.10")).toBe("2.9.10");
  expect(readNatsVersion("command not found")).toBeUndefined();
});

test.each([
  ["2.12.7", true],
  ["2.12.10", true],
  ["2.15.0", true],
  ["3.0.0", true],
  ["2.12.6", false],
  ["2.9.10", false],
  ["1.99.99", false],
])("isAtLeast: %s against 2.12.7, %s", (version, expected) => {
  expect(isAtLeast(version, "2.12.7")).toBe(expected);
});

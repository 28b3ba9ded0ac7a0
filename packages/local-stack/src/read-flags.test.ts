import { expect, test } from "vitest";
import { readFlags, UsageError } from "./read-flags.ts";

test("readFlags: nothing given, the defaults of the help text", () => {
  expect(readFlags([])).toEqual({
    generators: 2,
    provider: "auto",
    reset: false,
    open: true,
    port: 8080,
    dataDirectory: undefined,
    verbose: false,
    demo: false,
    exit: false,
    help: false,
  });
});

test("readFlags: every option given, each is read", () => {
  const line = "--generators 4 --provider real --reset --no-open --port 9000 --data-dir /data --verbose --demo --exit";

  expect(readFlags(line.split(" "))).toMatchObject({
    generators: 4,
    provider: "real",
    reset: true,
    open: false,
    port: 9000,
    dataDirectory: "/data",
    verbose: true,
    demo: true,
    exit: true,
  });
});

test.each([
  ["--genrators 4", /Unknown option '--genrators'/],
  ["--generators four", /--generators must be a whole number from 0 to 32, not "four"/],
  ["--generators 1000", /--generators must be/],
  ["--port 0", /--port must be a whole number from 1 to 65535/],
  ["--provider fal", /--provider must be sandbox or real, not "fal"/],
  ["--port", /--port/],
  ["--exit", /--exit ends the demo/],
  ["now", /now/],
])("readFlags: %s, refused in one line that names it", (line, message) => {
  const read = () => readFlags(line.split(" "));

  expect(read).toThrow(UsageError);
  expect(read).toThrow(message);
  expect(read).not.toThrow(/\n/);
});

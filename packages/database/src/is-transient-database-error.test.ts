import { describe, expect, test } from "vitest";
import { isTransientDatabaseError } from "./is-transient-database-error.ts";

const withCode = (code: string, message = "") => Object.assign(new Error(message), { code });

describe("isTransientDatabaseError", () => {
  test.each([
    ...["08006", "08P01", "25006", "25P03", "40001", "40P01", "53300", "53100"],
    ...["55P03", "57014", "57P01", "57P02", "57P03", "58030"],
  ])("with SQLSTATE %s, which passes by itself, says yes", (code) => {
    expect(isTransientDatabaseError(withCode(code))).toBe(true);
  });

  test.each(["23505", "23503", "22012", "42P01", "28P01", "3D000", "40002", "25P02"])(
    "with SQLSTATE %s, which comes again, says no",
    (code) => {
      expect(isTransientDatabaseError(withCode(code))).toBe(false);
    },
  );

  test.each(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "EAI_AGAIN", "P1001", "P2024"])(
    "with the code %s of the network or of Prisma, says yes",
    (code) => {
      expect(isTransientDatabaseError(withCode(code))).toBe(true);
    },
  );

  test.each([
    "Connection terminated",
    "Connection terminated unexpectedly",
    "Connection terminated due to connection timeout",
    "timeout exceeded when trying to connect",
    "Query read timeout",
  ])("with pg's own error '%s', which has no code, says yes", (message) => {
    expect(isTransientDatabaseError(new Error(message))).toBe(true);
  });

  test("with a transient error as the cause, says yes", () => {
    expect(isTransientDatabaseError(new Error("could not save", { cause: withCode("57P01") }))).toBe(true);
  });

  test("with one refused address among several, says yes", () => {
    expect(isTransientDatabaseError(new AggregateError([new Error("x"), withCode("ECONNREFUSED")]))).toBe(true);
  });

  test.each([
    ["a programming error", new TypeError("Connection is not a function")],
    ["no error", undefined],
    ["text", "ECONNREFUSED"],
  ])("with %s, says no", (_circumstance, value) => {
    expect(isTransientDatabaseError(value)).toBe(false);
  });
});

import { expect, test } from "vitest";
import { isDatabaseAtFault } from "./is-database-at-fault.ts";

const withCode = (code: string) => Object.assign(new Error("refused"), { code });

test.each(["28P01", "3D000", "42501", "42P01", "42703", "57P01", "ECONNREFUSED"])(
  "isDatabaseAtFault: with the code %s, which passes or is mended for all statements, says yes",
  (code) => {
    expect(isDatabaseAtFault(withCode(code))).toBe(true);
  },
);

test.each(["22P05", "23505", "23503", "42601", "54000"])(
  "isDatabaseAtFault: with the code %s of this statement and its data, says no",
  (code) => {
    expect(isDatabaseAtFault(withCode(code))).toBe(false);
  },
);

test("isDatabaseAtFault: of an error without a code or of none, says no", () => {
  expect(isDatabaseAtFault(new TypeError("not a function"))).toBe(false);
  expect(isDatabaseAtFault(undefined)).toBe(false);
});

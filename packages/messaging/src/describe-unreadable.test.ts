import { itemCompleted, readEnvelope } from "@tirage/contracts";
import { expect, test } from "vitest";
import { describeUnreadable } from "./describe-unreadable.ts";

function failureOf(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return error;
  }
}

test("describeUnreadable: an envelope without attributes, each is named and no word of the schema", () => {
  const reason = describeUnreadable(
    failureOf(() => readEnvelope((name) => (name.endsWith("id") ? "1" : undefined))),
    undefined,
  );

  expect(reason).toContain("type is missing");
  expect(reason).toContain("source is missing");
  expect(reason).not.toMatch(/Invalid|expected|[{[]/);
});

test("describeUnreadable: a payload of a wrong type, says what it holds", () => {
  const body = { itemId: 7 };

  expect(
    describeUnreadable(
      failureOf(() => itemCompleted.read(body)),
      body,
    ),
  ).toContain("itemId must be a text, not a number");
});

test("describeUnreadable: another error, its own words", () => {
  expect(describeUnreadable(new Error("the body is not JSON"), undefined)).toBe("the body is not JSON");
});

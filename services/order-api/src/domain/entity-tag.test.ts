import { expect, test } from "vitest";
import { matchesEntityTag } from "./entity-tag.ts";

test.each([['"7"'], ['W/"7"'], ['"6", "7"'], ["*"]])("If-None-Match: %s against version 7, matches", (header) => {
  expect(matchesEntityTag(header, '"7"')).toBe(true);
});

test.each([[undefined], ['"8"'], ["7"], [""]])("If-None-Match: %s against version 7, does not match", (header) => {
  expect(matchesEntityTag(header, '"7"')).toBe(false);
});

import { expect, test } from "vitest";
import { readApiKeys } from "./api-keys.ts";

const hash = "AB".repeat(32);

test("API_KEYS: two tenants, one with two keys, all of them in lower case", () => {
  expect(readApiKeys(`red:${hash}, red:${hash},blue:${hash}`)?.map(({ tenantId }) => tenantId)).toEqual([
    "red",
    "red",
    "blue",
  ]);
  expect(readApiKeys(`red:${hash}`)).toEqual([{ tenantId: "red", sha256: hash.toLowerCase() }]);
});

test.each([[""], [hash], ["red:short"], [`a.b:${hash}`], [`red:${hash},`], [`red:${hash}:x`]])(
  "API_KEYS: %s, refused",
  (text) => {
    expect(readApiKeys(text)).toBeUndefined();
  },
);

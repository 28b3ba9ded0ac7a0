import { expect, test } from "vitest";
import { type KeyHeaders, keyOfRequest } from "./request-key.ts";

const cookie = "theme=dark; tirage_api_key=red%2Dkey; other=1";

test.each<[string, KeyHeaders, string, string | undefined]>([
  ["nothing", {}, "GET", undefined],
  ["a bearer key", { authorization: "Bearer red-key" }, "POST", "red-key"],
  ["another scheme, whatever the cookie says", { authorization: "Basic cmVk", cookie }, "GET", undefined],
  ["the cookie, reading", { cookie, "sec-fetch-site": "same-site" }, "GET", "red-key"],
  ["the cookie, changing, from the console", { cookie, "sec-fetch-site": "same-origin" }, "POST", "red-key"],
  ["the cookie, changing, from a page of another port", { cookie, "sec-fetch-site": "same-site" }, "POST", undefined],
  ["the cookie, changing, from a page elsewhere", { cookie, "sec-fetch-site": "cross-site" }, "DELETE", undefined],
  ["a cookie that is no text", { cookie: "tirage_api_key=%E0%A4%A" }, "GET", undefined],
  ["a cookie whose name ends alike", { cookie: "not_tirage_api_key=red" }, "GET", undefined],
])("keyOfRequest: %s", (_, headers, method, key) => {
  expect(keyOfRequest(headers, method)).toBe(key);
});

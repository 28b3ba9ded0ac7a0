import { expect, test } from "vitest";
import { formatPayload } from "./format-payload.ts";

test.each([
  ["JSON", { body: '{"a":[1]}', bodyEncoding: "utf8" }, { text: '{\n  "a": [\n    1\n  ]\n}', kind: "JSON" }],
  ["half a JSON text", { body: '{"a":', bodyEncoding: "utf8" }, { text: '{"a":', kind: "text that is no JSON" }],
  ["bytes", { body: "/+8=", bodyEncoding: "base64" }, { text: "/+8=", kind: "not text, in base64" }],
] as const)("formatPayload: %s, shows it and says what it is", (_, body, shown) => {
  expect(formatPayload(body)).toEqual(shown);
});

import { expect, test } from "vitest";
import { appOf, readQueueTarget } from "./addresses.ts";

test.each([
  ["fal-ai/flux/schnell", { kind: "endpoint", endpointId: "fal-ai/flux/schnell" }],
  ["fal-ai/flux/requests/r1", { kind: "request", app: "fal-ai/flux", requestId: "r1", part: "result" }],
  ["fal-ai/flux/requests/r1/response", { kind: "request", app: "fal-ai/flux", requestId: "r1", part: "result" }],
  ["fal-ai/flux/requests/r1/status", { kind: "request", app: "fal-ai/flux", requestId: "r1", part: "status" }],
  ["comfy/o/a/requests/r1/cancel", { kind: "request", app: "comfy/o/a", requestId: "r1", part: "cancel" }],
  ["fal-ai/flux/requests/r1/toString", undefined],
  ["fal-ai", undefined],
])("a queue path %s: read as %j", (path, target) => {
  expect(readQueueTarget(path)).toEqual(target);
});

test.each([
  ["fal-ai/flux/dev", "fal-ai/flux"],
  ["fal-ai/fast-sdxl", "fal-ai/fast-sdxl"],
  ["workflows/someone/flow/sub", "workflows/someone/flow"],
])("an endpoint id %s: its app is %s", (endpointId, app) => {
  expect(appOf(endpointId)).toBe(app);
});

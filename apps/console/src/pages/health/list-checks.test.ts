import type { Health } from "@tirage/client";
import { expect, test } from "vitest";
import { listChecks } from "./list-checks.ts";

const generator = {
  service: "generator",
  id: "vm-1",
  version: "0.1.0",
  startedAt: "2026-11-24T12:00:00Z",
  lastSeenAt: "2026-11-24T12:00:00Z",
  slots: 20,
};
const whole: Health = {
  status: "ok",
  traceUrlTemplate: null,
  dependencies: [
    { name: "database", reachable: true, version: "18.4" },
    { name: "broker", reachable: true, version: "2.15.1" },
    { name: "store", reachable: true, version: null },
  ],
  services: [{ service: "generator", replicas: [generator, { ...generator, id: "vm-2" }] }],
  providers: ["fal"],
};
const drain = { state: "drained", left: 0, since: generator.startedAt } as const;
const missing = (health: Health) =>
  listChecks(health)
    .filter(({ isGood }) => !isGood)
    .map(({ name }) => name);

test("listChecks: all is there, names versions, workers and slots", () => {
  expect(missing(whole)).toEqual([]);
  expect(listChecks(whole).map(({ state }) => state)).toEqual([
    ...["answers", "18.4", "2.15.1", "answers", "2 generators, 40 slots", "fal"],
  ]);
});

test("listChecks: the API away, says so first", () => {
  expect(listChecks(whole, false).filter(({ isGood }) => !isGood)).toMatchObject([
    { name: "API", state: "does not answer" },
  ]);
});

test.each<[string, Partial<Health>, string[]]>([
  [
    "every generator drained",
    { services: [{ service: "generator", replicas: [{ ...generator, drain }] }] },
    ["Workers"],
  ],
  ["no generator", { services: [{ service: "generator", replicas: [] }] }, ["Workers"]],
  [
    "the broker away",
    { services: null, dependencies: [{ name: "broker", reachable: false, version: null }] },
    ["NATS", "Workers"],
  ],
  ["no provider", { providers: [] }, ["Providers"]],
])("listChecks: %s, says what is missing", (_, change, names) => {
  expect(missing({ ...whole, ...change })).toEqual(names);
});

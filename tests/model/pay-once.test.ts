/**
 * The state machine of items and ledger under any order of what may happen, with a crash between any two effects: random
 * walks through a model that calls the services' own pure rules, and those that are SQL by models which component tests
 * compare with Postgres (`services/*\/test/*-model.component.test.ts`). Each walk ends with everything working again.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { bringToRest, walk } from "./explore.ts";
import { createWorld, policy, type Rules, realRules } from "./world.ts";

const { ledger, items } = realRules;

/** Long enough to pass several leases and a grace. */
const choices = fc.array(fc.nat({ max: 100_000 }), { size: "max", minLength: 150, maxLength: 300 });
const sizes = fc.record({ items: fc.integer({ min: 1, max: 2 }), workers: fc.integer({ min: 2, max: 3 }) });

/** `fc.check(…, { seed, path })` with what a failure tells runs it again. */
function explore(rules: Rules, parameters: { interruptAfterTimeLimit: number; seed?: number; endOnFailure?: boolean }) {
  return fc.check(
    fc.property(sizes, choices, (size, chosen) => {
      bringToRest(walk(createWorld(rules, size), chosen));
    }),
    { numRuns: 1_000_000, ...parameters },
  );
}

test.each<[string, Partial<Rules>]>([
  ["by default", {}],
  ["with leave to submit again once", { policy: { ...policy, onUnknown: "resubmit" } }],
  ["called back at once", { callsBackAtOnce: true }],
])("model: whatever happens %s, nothing is bought twice, no end is taken back, and the order ends", (_, rules) => {
  const details = explore({ ...realRules, ...rules }, { interruptAfterTimeLimit: 3_000 });

  expect(details.errorInstance, `seed ${details.seed}, path ${details.counterexamplePath}`).toBeNull();
  expect(details.numRuns).toBeGreaterThan(10);
});

test.each<[string, string, Partial<Rules>]>([
  [
    "claim takes a living lease",
    "changed hands",
    {
      ledger: {
        ...ledger,
        claim: (row, claiming) => ledger.claim(row && { ...row, leaseUntilMs: undefined }, claiming),
      },
    },
  ],
  [
    "claim submits again what was submitted without an answer",
    "submitted 2 times",
    {
      ledger: {
        ...ledger,
        claim: (row, claiming) =>
          ledger.claim(
            row?.state === "submitting" && (row.leaseUntilMs ?? 0) < claiming.nowMs ? { ...row, state: "open" } : row,
            claiming,
          ),
      },
    },
  ],
  [
    "finish replaces a result",
    "the result of",
    {
      ledger: {
        ...ledger,
        finish: (row, ending) => ledger.finish(row.state === "finished" ? { ...row, state: "submitted" } : row, ending),
      },
    },
  ],
  [
    "item leaves its end",
    " and is ",
    {
      items: {
        ...items,
        move: (item, { attempt, status, outputs }) =>
          attempt < item.attempt ? item : { attempt, status, produced: outputs.length },
      },
    },
  ],
])("model: broken so that %s, is found out", (_, violation, rules) => {
  const details = explore({ ...realRules, ...rules }, { seed: 1, endOnFailure: true, interruptAfterTimeLimit: 30_000 });

  expect(String(details.errorInstance)).toContain(violation);
});

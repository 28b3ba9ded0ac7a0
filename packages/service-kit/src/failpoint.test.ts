import { expect, test } from "vitest";
import { armFailpoints, drawPassage, failpoint, parseFailpoints } from "./failpoint.ts";

test("parseFailpoints: two rules, both are read", () => {
  expect([...parseFailpoints("after_accept=kill@0.05, before_claim=stop@1")]).toEqual([
    ["after_accept", { action: "kill", probability: 0.05 }],
    ["before_claim", { action: "stop", probability: 1 }],
  ]);
});

test.each(["nowhere=kill@1", "after_accept=burn@1", "after_accept=kill@2", "after_accept=kill", "after_accept"])(
  "parseFailpoints: %s, refused with the rule that is wrong",
  (text) => {
    expect(() => parseFailpoints(text)).toThrow(text);
  },
);

test("drawPassage: the same seed twice, the same draws; another seed, others", () => {
  const drawAll = (seed: string) =>
    Array.from({ length: 50 }, (_, passage) => drawPassage(seed, "after_accept", passage));

  expect(drawAll("1/a")).toEqual(drawAll("1/a"));
  expect(drawAll("1/a")).not.toEqual(drawAll("1/b"));
  expect(drawAll("1/a").every((draw) => draw >= 0 && draw < 1)).toBe(true);
});

test("failpoint: nothing armed, or armed with probability 0, it passes", async () => {
  await failpoint("after_accept");
  armFailpoints({ text: "after_accept=kill@0", seed: "1", instanceId: "test" });
  await failpoint("after_accept");
  await failpoint("before_claim");
  armFailpoints({ text: undefined, seed: undefined, instanceId: "test" });
});

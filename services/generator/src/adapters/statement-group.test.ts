import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { createStatementGroup } from "./statement-group.ts";

/** A group over a statement of 1 ms that answers each key with its statement's number, and refuses `bad`. */
function recordedGroup(options: { maximumRows?: number; maximumInFlight?: number } = {}) {
  const statements: string[][] = [];
  let inFlight = 0;
  let mostInFlight = 0;
  const call = createStatementGroup<string, number>({
    ...options,
    keyOf: (key) => key,
    async execute(keys) {
      statements.push([...keys]);
      const number = statements.length;
      inFlight += 1;
      mostInFlight = Math.max(mostInFlight, inFlight);
      await delay(1);
      inFlight -= 1;
      if (keys.includes("bad")) throw new Error("refused");
      return new Map(keys.filter((key) => key !== "silent").map((key) => [key, number]));
    },
  });
  return { call, statements, mostInFlight: () => mostInFlight };
}

test("group: calls made in one tick share a statement, in the order of their keys", async () => {
  const { call, statements } = recordedGroup();

  expect(await Promise.all([call("c"), call("a"), call("b")])).toEqual([1, 1, 1]);
  expect(statements).toEqual([["a", "b", "c"]]);
});

test("group: more calls than rows take several statements, at most as many at once as allowed", async () => {
  const { call, statements, mostInFlight } = recordedGroup({ maximumRows: 10, maximumInFlight: 2 });

  await Promise.all(Array.from({ length: 95 }, (_, index) => call(`key-${index}`)));

  expect(statements).toHaveLength(10);
  expect(statements.flat()).toHaveLength(95);
  expect(mostInFlight()).toBe(2);
});

test("group: two calls of one key never share a statement, and the second waits for the first to end", async () => {
  const { call, statements, mostInFlight } = recordedGroup();

  expect(await Promise.all([call("a"), call("a"), call("b")])).toEqual([1, 2, 1]);
  expect(statements).toEqual([["a", "b"], ["a"]]);
  expect(mostInFlight()).toBe(1);
});

test("group: a statement that fails, fails its own calls and no others", async () => {
  const { call } = recordedGroup({ maximumRows: 2 });

  const settled = await Promise.allSettled([call("bad"), call("a"), call("b")]);

  expect(settled.map(({ status }) => status)).toEqual(["rejected", "rejected", "fulfilled"]);
  expect(await call("a")).toBe(3);
});

test("group: a key that the statement says nothing of, is answered undefined", async () => {
  const { call } = recordedGroup();

  expect(await Promise.all([call("silent"), call("a")])).toEqual([undefined, 1]);
});

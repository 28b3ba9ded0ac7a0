import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { createLimit } from "./create-limit.ts";

test("limit: runs at most so many at once, in the order they came, also after failures", async () => {
  const limit = createLimit(3);
  const begun: number[] = [];
  let running = 0;
  let most = 0;

  const settled = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) =>
      limit(async () => {
        begun.push(index);
        running += 1;
        most = Math.max(most, running);
        await delay(1);
        running -= 1;
        if (index % 5 === 0) throw new Error("refused");
        return index;
      }),
    ),
  );

  expect(most).toBe(3);
  expect(begun).toEqual(Array.from({ length: 20 }, (_, index) => index));
  expect(settled.filter(({ status }) => status === "rejected")).toHaveLength(4);
});

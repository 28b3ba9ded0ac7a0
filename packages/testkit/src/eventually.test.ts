import { expect, test } from "vitest";
import { eventually } from "./eventually.ts";

test("eventually: the condition is met on a later try, it answers what the condition answered", async () => {
  let tries = 0;

  expect(await eventually(() => (++tries >= 3 ? `after ${tries}` : undefined), { intervalMs: 1 })).toBe("after 3");
});

test("eventually: the condition throws until the deadline, the error says why and carries what it threw", async () => {
  const cause = new Error("still closed");
  const wait = eventually(
    () => {
      throw cause;
    },
    { timeoutMs: 20, intervalMs: 1 },
  );

  await expect(wait).rejects.toMatchObject({
    message: "the condition was not met within 20 ms: still closed",
    cause,
  });
});

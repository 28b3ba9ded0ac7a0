import { expect, test } from "vitest";
import { shareReads } from "./share-reads.ts";

/** Reads that end when told to, each with its number. */
function controlledReads() {
  const ends: (() => void)[] = [];
  const read = () =>
    new Promise<number>((resolve) => {
      const number = ends.length + 1;
      ends.push(() => resolve(number));
    });
  return { read, ends };
}

test("shareReads: asked by many while one runs, they share the next one", async () => {
  const { read, ends } = controlledReads();
  const share = shareReads<number>();
  const first = share("a", read);
  const later = [share("a", read), share("a", read)];
  const other = share("b", read);

  ends[0]?.();
  expect(await first).toBe(1);
  ends[1]?.();
  expect(await other).toBe(2);
  await Promise.resolve();
  ends[2]?.();
  expect(await Promise.all(later)).toEqual([3, 3]);
  expect(ends).toHaveLength(3);
});

test("shareReads: one that failed, the next is read all the same and nothing is remembered", async () => {
  const share = shareReads<number>();
  const failing = share("a", () => Promise.reject(new Error("away")));
  const next = share("a", async () => 7);

  await expect(failing).rejects.toThrow("away");
  expect(await next).toBe(7);
  expect(await share("a", async () => 8)).toBe(8);
});

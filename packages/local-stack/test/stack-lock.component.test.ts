import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { StackError } from "../src/stack-error.ts";
import { lockDataDirectory } from "../src/stack-lock.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";

test("lockDataDirectory: a folder that is in use, refused with the process that holds it", async () => {
  await using folder = await createTemporaryFolder();
  await using _lock = await lockDataDirectory(folder.path);

  const second = lockDataDirectory(folder.path);

  await expect(second).rejects.toThrow(StackError);
  await expect(second).rejects.toThrow(`Tirage already runs on ${folder.path} (process ${process.pid})`);
});

test("lockDataDirectory: many at once, exactly one gets the folder", async () => {
  await using folder = await createTemporaryFolder();

  const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockDataDirectory(folder.path)));

  expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
});

test("lockDataDirectory: released, the folder can be taken again", async () => {
  await using folder = await createTemporaryFolder();
  await (await lockDataDirectory(folder.path))[Symbol.asyncDispose]();

  await using lock = await lockDataDirectory(folder.path);

  expect(lock).toBeDefined();
});

test("lockDataDirectory: the holder is gone and its process id belongs to another program, it is taken over", async () => {
  await using folder = await createTemporaryFolder();
  await writeFile(join(folder.path, "stack.lock"), JSON.stringify({ pid: process.pid, since: "another start" }));

  await using lock = await lockDataDirectory(folder.path);

  expect(lock).toBeDefined();
});

import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { explainFullDisk, refuseFullDisk, requireDiskSpace } from "./disk-space.ts";
import { StackError } from "./stack-error.ts";

test("refuseFullDisk: too little is free, refused in one line that names the folder and what to do", () => {
  const refuse = () => refuseFullDisk(38.6, "/data");

  expect(refuse).toThrow(StackError);
  expect(refuse).toThrow(/^only 38 MB are free .*\(\/data\).*--data-dir$/);
});

test("requireDiskSpace: enough is free, nothing is said", async () => {
  await expect(requireDiskSpace(tmpdir())).resolves.toBeUndefined();
});

test.each([
  ["a system call's", Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" }), true],
  ["a server's own words", new Error('could not write to file "base/4/3085": No space left on device'), true],
  ["anything else", new Error("port 8080 is in use"), false],
])("explainFullDisk: %s, told apart", (_case, error, isFull) => {
  expect(explainFullDisk(error) !== undefined).toBe(isFull);
});

import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

const assets = fileURLToPath(new URL("../dist/assets", import.meta.url));
const build = fileURLToPath(new URL("../build.ts", import.meta.url));
const mostBytes = 180_000;

test("the built console: all its scripts together, gzipped, stay within 180 kB", async () => {
  await promisify(execFile)(process.execPath, [build], { timeout: 60_000 });
  const names = (await readdir(assets)).filter((name) => name.endsWith(".js"));
  const sizes = await Promise.all(
    names.map(async (name) => [name, gzipSync(await readFile(join(assets, name))).length] as const),
  );
  const total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0);

  expect(total, JSON.stringify(Object.fromEntries(sizes))).toBeLessThanOrEqual(mostBytes);
  expect(total).toBeGreaterThan(0);
});

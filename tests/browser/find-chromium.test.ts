import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { findChromium } from "./find-chromium.ts";

test("findChromium: a program on PATH, finds it, rather what CHROMIUM_PATH names, and without both nothing", async () => {
  await using resources = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "tirage-chromium-"));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const PATH = ["/nonexistent", folder].join(delimiter);
  await writeFile(join(folder, "chromium"), "not executable", { mode: 0o644 });
  expect(findChromium({ PATH })).toBeUndefined();
  await writeFile(join(folder, "google-chrome"), "", { mode: 0o755 });
  expect(findChromium({ PATH })).toBe(join(folder, "google-chrome"));
  expect(findChromium({ PATH, CHROMIUM_PATH: "/opt/chromium" })).toBe("/opt/chromium");
});

/** `npm run screenshots`: pictures of the console's pages, from a real run, into docs/images. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startLocalStack } from "@tirage/local-stack";
import { chromium } from "playwright-core";
import { findChromium } from "../browser/find-chromium.ts";
import { takeScreenshots } from "./take-screenshots.ts";

const folder = fileURLToPath(new URL("../../docs/images/", import.meta.url));

async function main(): Promise<void> {
  const executablePath = findChromium(process.env);
  if (!executablePath) throw new Error("no Chromium: install it or set CHROMIUM_PATH");
  await using resources = new AsyncDisposableStack();
  const dataDirectory = await mkdtemp(join(tmpdir(), "tirage-screenshots-"));
  resources.defer(() => rm(dataDirectory, { recursive: true, force: true }));
  const environment = { ...process.env, PROVIDERS: "fal,replicate", SANDBOX_LATENCY_MS: "300" };
  const stack = resources.use(await startLocalStack({ dataDirectory, environment, provider: "sandbox" }));
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  resources.defer(() => browser.close());
  await mkdir(folder, { recursive: true });
  await takeScreenshots({ browser, stack, folder, report: (line) => process.stdout.write(`${line}\n`) });
}

await main().catch((error: unknown) => {
  process.stderr.write(`screenshots: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

/** The console as a person meets it: a real browser, the whole system behind it, and nothing that goes wrong unseen. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { test as base, expect, vi } from "vitest";
import { startStack } from "../e2e/start-stack.ts";
import { findChromium } from "./find-chromium.ts";
import { type PageWatch, watchPage } from "./watch-page.ts";

export interface OpenPage {
  readonly page: Page;
  readonly watch: PageWatch;
}

/** Opens a path of the console in a browser of its own: no storage and no cache of another test. */
export type OpenConsole = (path: string, options?: OpenOptions) => Promise<OpenPage>;

export interface OpenOptions extends BrowserContextOptions {
  /** A complaint of the page that is no fault. */
  allow?: RegExp;
  /** Opens it as another tab of this one's browser. */
  beside?: Page;
}

const pictureFolder = fileURLToPath(new URL("../../node_modules/.cache/tirage/browser/", import.meta.url));
const executablePath = findChromium(process.env);
if (!executablePath) process.stderr.write("browser tests are skipped: no Chromium; install it or set CHROMIUM_PATH\n");

// The first test of a file also starts the stack and the browser.
vi.setConfig({ testTimeout: 120_000 });

const usualEnvironment: Record<string, string> = { SANDBOX_LATENCY_MS: "300", SANDBOX_MAX_IMAGE_EDGE_PX: "256" };

const extended = base
  .extend("executablePath", { scope: "worker" }, executablePath)
  // The stack of a file starts with the first test that needs one.
  .extend("sandbox", { scope: "file" }, usualEnvironment)
  .extend("stack", { scope: "file" }, async ({ sandbox }, { onCleanup }) => {
    const stack = await startStack({ environment: { PROVIDERS: "fal,replicate", ...sandbox } });
    onCleanup(() => stack[Symbol.asyncDispose]());
    return stack;
  })
  .extend("browser", { scope: "file" }, async ({ executablePath }, { onCleanup }) => {
    const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    onCleanup(() => browser.close());
    return browser;
  })
  .extend("openConsole", async ({ stack, browser, task }, { onCleanup }): Promise<OpenConsole> => {
    const opened: OpenPage[] = [];
    onCleanup(async () => {
      const faults = opened.flatMap(({ watch }) => watch.faults);
      if (task.result?.state === "fail" || faults.length > 0) await keepPictures(task.name, opened);
      await Promise.all(opened.map(({ page }) => page.context().close()));
      expect(faults, "faults of the pages themselves").toEqual([]);
    });
    return async (path, { allow, beside, ...options } = {}) => {
      const context =
        beside?.context() ?? (await browser.newContext({ baseURL: stack.apiUrl, reducedMotion: "reduce", ...options }));
      context.setDefaultTimeout(15_000);
      const page = await context.newPage();
      const watch = await watchPage(page);
      if (allow) watch.allow(allow);
      opened.push({ page, watch });
      await page.goto(path);
      return { page, watch };
    };
  });

/** A test in the browser, on a stack that the tests of one file share. Skipped where there is no Chromium. */
export const browserTest = extended.skipIf(!executablePath);

/** The same on a stack whose services and sandbox get other variables; one for each file. */
export const browserTestWith = (environment: Record<string, string>) =>
  extended.override("sandbox", { ...usualEnvironment, ...environment }).skipIf(!executablePath);

async function keepPictures(name: string, opened: readonly OpenPage[]): Promise<void> {
  await mkdir(pictureFolder, { recursive: true });
  for (const [index, { page }] of opened.entries()) {
    const path = join(pictureFolder, `${name.replace(/[^\w]+/g, "-").slice(0, 120)}-${index + 1}.png`);
    try {
      await page.screenshot({ path, timeout: 5_000 });
      process.stderr.write(`${page.url()} as it was: ${path}\n`);
    } catch (error) {
      process.stderr.write(`${page.url()} could not be pictured: ${String(error)}\n`);
    }
  }
}

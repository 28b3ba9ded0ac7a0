import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";
import { browserTest } from "./open-console.ts";

const permissions = ["clipboard-read", "clipboard-write"];

/** A folder of this clone, of which the command makes what it saves. */
async function makeFolder(): Promise<string> {
  const parent = fileURLToPath(new URL("../../node_modules/.cache/tirage/", import.meta.url));
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, "copied-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const readCopied = (page: Page) => page.evaluate(() => navigator.clipboard.readText());
const run = (command: string, cwd: string) =>
  promisify(execFile)("sh", ["-c", command], { cwd, timeout: 60_000, env: { ...process.env, NO_COLOR: "1" } });

browserTest(
  "an empty gallery: its command, copied to a shell in the clone, makes the first images",
  async ({ openConsole }) => {
    const { page } = await openConsole("/gallery", { permissions });
    await page.getByRole("button", { name: "Copy the command" }).click();
    await page.getByText("copied", { exact: false }).first().waitFor();

    const { stdout } = await run(await readCopied(page), await makeFolder());
    expect(stdout).toMatch(/completed +4 of 4 images/);
    await expect.poll(() => page.getByRole("main").getByRole("img").count(), { timeout: 15_000 }).toBe(4);
  },
);

browserTest(
  "the form's order as CLI: copied to a shell in the clone, saves its ten images",
  async ({ openConsole }) => {
    const { page } = await openConsole("/", { permissions });
    const prompt = page.getByRole("textbox", { name: "Prompt" });
    await prompt.fill(`a keeper's "lamp" & $HOME`);
    await page.getByText("Copy as curl, TypeScript or CLI").click();
    await page.getByRole("tab", { name: "CLI" }).click();
    await page.getByRole("button", { name: "Copy", exact: true }).click();
    await page.getByText("copied", { exact: false }).first().waitFor();
    const folder = await makeFolder();

    const { stdout } = await run(await readCopied(page), folder);
    expect(stdout).toMatch(/completed +10 of 10 images/);
    expect(await readdir(join(folder, "images"))).toHaveLength(10);
  },
);

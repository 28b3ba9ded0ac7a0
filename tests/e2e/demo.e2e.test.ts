/** `npm start -- --demo` as its reader runs it, its last figures checked against what it cannot have made up. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findFreePort } from "@tirage/local-stack/infrastructure";
import { eventually } from "@tirage/testkit";
import { expect, test } from "vitest";
import { listProducts, readLedgerTotals, readOrder } from "./order-request.ts";

const main = fileURLToPath(new URL("../../packages/local-stack/src/main.ts", import.meta.url));
const timeoutMs = 240_000;

async function runDemo(extra: Record<string, string> = {}) {
  const dataDirectory = await mkdtemp(join(tmpdir(), "tirage-demo-"));
  const port = String(await findFreePort());
  const { FAL_KEY: _fal, REPLICATE_API_TOKEN: _replicate, ...environment } = process.env;
  const flags = ["--demo", "--no-open", "--port", port, "--data-dir", dataDirectory];
  const child = spawn(process.execPath, [main, ...flags], {
    env: { ...environment, ...extra },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  return {
    apiUrl: `http://127.0.0.1:${port}`,
    readOutput: () => output,
    async untilExit(): Promise<number | null> {
      await exited;
      return child.exitCode;
    },
    hasExited: () => child.exitCode !== null,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await exited;
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}

const figures = /paid (\d+) · delivered (\d+) · paid twice (\d+)/;
const find = (text: string, pattern: RegExp): string => pattern.exec(text)?.[1] ?? "";

test(
  "npm start -- --demo: a call fails, one comes back short, a worker is killed; the figures are the ledgers', the stack stays",
  async () => {
    await using demo = await runDemo();
    await eventually(() => figures.test(demo.readOutput()) || demo.hasExited(), { timeoutMs });
    await eventually(() => demo.readOutput().includes("FAL_KEY=… npm start"));
    const output = demo.readOutput();
    const [paid, delivered, paidTwice] = (figures.exec(output) ?? []).slice(1).map(Number);

    expect(output).not.toContain("Not as it should be");
    expect(output).toMatch(/kills generator-\d \(process \d+, SIGKILL\)/);
    const orderId = find(output, /\/orders\/([0-9a-f-]{36})\n/);
    // Nothing but the demo's order was ever sold, so the totals are its own.
    const totals = await readLedgerTotals(find(output, /ledger: (http:\S+)\/__ledger/));
    expect({ paid, paidTwice }).toEqual({ paid: totals.images, paidTwice: totals.paidTwice });
    expect(await listProducts(demo.apiUrl, orderId)).toHaveLength(delivered ?? -1);
    const ledger = await fetch(`${demo.apiUrl}/v1/orders/${orderId}/ledger`, { signal: AbortSignal.timeout(10_000) });
    expect(await ledger.json()).toMatchObject({ paid, delivered, paidTwice, accepted: totals.submissions, unknown: 0 });
    expect(await readOrder(demo.apiUrl, orderId)).toMatchObject({ status: "completed", partial: false });
    expect({ paid, delivered, paidTwice }).toEqual({ paid: 11, delivered: 10, paidTwice: 0 });
  },
  timeoutMs,
);

test("npm start -- --demo: with the key of a real provider, refused in one line before anything is started", async () => {
  await using demo = await runDemo({ FAL_KEY: "a-key" });

  expect(await demo.untilExit()).toBe(1);
  expect(demo.readOutput()).toMatch(/^tirage: --demo [^\n]*would cost money at fal[^\n]*\n$/);
});

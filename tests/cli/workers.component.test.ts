/** Workers drained and resumed from the command line, against the whole system, before a provider sandbox. */
import { worker } from "@tirage/contracts";
import { eventually } from "@tirage/testkit";
import { beforeEach, expect, test } from "vitest";
import { readOrder } from "../e2e/order-request.ts";
import { controlSandbox, useStack } from "../e2e/start-stack.ts";
import { ofFal, readLines, tirage } from "./tirage.ts";

const stack = useStack();
beforeEach(() => controlSandbox(stack(), { rules: [], latencyMs: 20 }));

const on = (...parameters: string[]) => tirage(stack().apiUrl, ...parameters);
const createFive = ["order", "create", ...ofFal, "--prompt", "a lighthouse at dusk", "-n", "5"];
const workerIds = async () => readLines((await on("workers", "--json")).stdout).map((line) => worker.parse(line).id);

test("workers drain --wait, resume: the last worker runs a call, drained once it has ended, the doctor says what to do, and it works again", async () => {
  await controlSandbox(stack(), { latencyMs: 6_000 });
  const [id = "", ...others] = await workerIds();
  for (const other of others) expect((await on("workers", "drain", other, "--wait")).code).toBe(0);
  const running = (await on(...createFive)).stdout.slice(0, 36);
  await eventually(async () => (await readOrder(stack().apiUrl, running)).status === "processing", {
    timeoutMs: 15_000,
  });

  expect((await on("workers", "drain", id)).stdout).toMatch(new RegExp(`^${id} is draining \\(\\d left\\); tirage`));
  expect((await on("workers")).stdout).toMatch(new RegExp(` ${id} +drain`, "m"));
  const drained = await on("workers", "drain", id, "--wait", "--json");
  expect(drained.code, drained.stderr).toBe(0);
  expect(worker.parse(readLines(drained.stdout)[0]).drain).toMatchObject({ state: "drained", left: 0 });
  expect((await on("order", "watch", running)).code).toBe(0);
  expect((await on("doctor")).stdout).toMatch(
    /^✗ workers +every generator is drained\n +→ .*tirage workers resume \S+, or/m,
  );

  expect(await on("workers", "resume", id)).toMatchObject({ code: 0, stdout: `${id} takes work again\n` });
  await controlSandbox(stack(), { latencyMs: 20 });
  expect((await on(...createFive, "--watch")).code).toBe(0);
  for (const other of others) await on("workers", "resume", other);
  const unknown = await on("workers", "drain", "nobody", "--wait");
  expect(unknown.code).toBe(1);
  expect(unknown.stderr).toMatch(/^error: Not found: .*nobody/);
});

test("workers drain --wait: resumed by another meanwhile, says so and exit 1", async () => {
  await controlSandbox(stack(), { latencyMs: 20_000 });
  const [id = "", ...others] = await workerIds();
  for (const other of others) await on("workers", "drain", other, "--wait");
  const running = (await on(...createFive)).stdout.slice(0, 36);
  await eventually(async () => (await readOrder(stack().apiUrl, running)).status === "processing", {
    timeoutMs: 15_000,
  });
  const waiting = on("workers", "drain", id, "--wait");
  await eventually(async () => (await on("workers")).stdout.includes("draining ("), { timeoutMs: 15_000 });
  await on("workers", "resume", id);

  expect(await waiting).toMatchObject({ code: 1, stderr: expect.stringContaining("was resumed before") });
  for (const other of others) await on("workers", "resume", other);
  await on("order", "cancel", running, "--watch");
});

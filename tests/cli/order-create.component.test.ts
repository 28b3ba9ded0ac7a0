/** `tirage order create` against the whole system, before a provider sandbox. */
import { createHash } from "node:crypto";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Interrupted } from "@tirage/cli";
import { eventually } from "@tirage/testkit";
import { beforeEach, expect, test } from "vitest";
import { listProducts, readLedgerTotals, untilEnded } from "../e2e/order-request.ts";
import { controlSandbox, useStack } from "../e2e/start-stack.ts";
import { createFolder, ofFal, startTirage, tirage, tirageOnTerminal } from "./tirage.ts";

const stack = useStack();
beforeEach(() => controlSandbox(stack(), { rules: [], latencyMs: 100, concurrency: { fal: 500 } }));

const tenImages = [...ofFal, "--prompt", "a lighthouse at dusk", "--quantity", "10"];
const idOf = (stdout: string) => stdout.slice(0, 36);

test("order create --watch --out: ten images, ten files with the bytes of the products, exit 0 and the id first", async () => {
  await using folder = await createFolder();

  const { code, stdout, stderr } = await tirage(
    ...[stack().apiUrl, "order", "create", ...tenImages, "--watch", "--out", folder.path],
  );

  expect(code, stderr).toBe(0);
  const id = idOf(stdout);
  expect(stdout.split("\n")[0]).toBe(`${id}  ${stack().apiUrl}/orders/${id}`);
  expect(stdout.trim().split("\n").at(-1)).toBe(`end ${id} completed 10 of 10 images`);
  expect(await hashesOf(folder.path)).toEqual(
    (await listProducts(stack().apiUrl, id)).map(({ sha256 }) => sha256).sort(),
  );
  expect(await readdir(folder.path)).toHaveLength(10);
});

test("order create --cancel-after: the order expires that long after it was placed; what cannot be read, exit 2", async () => {
  const create = (...flags: string[]) => tirage(stack().apiUrl, "order", "create", ...tenImages, ...flags);

  const placed = await create("--cancel-after", "1h30m", "--json");
  expect(placed.code, placed.stderr).toBe(0);
  const { createdAt, expiresAt } = JSON.parse(placed.stdout);
  expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(5_400_000);

  const unreadable = await create("--cancel-after", "soon");
  expect(unreadable.code).toBe(2);
  expect(unreadable.stderr).toContain("--cancel-after: must be at least 5 seconds");
  const ofFile = await create("--cancel-after", "5m", "--from", "orders.csv");
  expect(ofFile.code).toBe(2);
  expect(ofFile.stderr).toContain("--expires-at");
});

async function hashesOf(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  const files = await Promise.all(names.map((name) => readFile(join(folder, name))));
  return files.map((bytes) => createHash("sha256").update(bytes).digest("hex")).sort();
}

test("order create --key --out: killed after the first file and run again, ten files and nothing bought again", async () => {
  await using folder = await createFolder();
  // One call after the other, so that there is a middle.
  await controlSandbox(stack(), { latencyMs: 1_000, concurrency: { fal: 1 } });
  const before = await readLedgerTotals(stack().sandboxUrl);
  const parameters = ["order", "create", ...tenImages, "--key", "killed-1", "--out", folder.path];
  const killed = startTirage(stack().apiUrl, parameters);
  const listFiles = async () => (await readdir(folder.path)).filter((name) => name.endsWith(".jpg"));
  await eventually(async () => (await listFiles()).length > 0, { timeoutMs: 30_000 });
  killed.child.kill("SIGKILL");
  await killed.ended;
  expect((await listFiles()).length).toBeLessThan(10);
  await writeFile(join(folder.path, ".half.jpg.999999999.tirage-part"), "half");

  const again = await tirage(stack().apiUrl, ...parameters);

  expect(again.code, again.stderr).toBe(0);
  expect(idOf(again.stdout)).toBe(idOf(killed.output.stdout));
  expect(again.stderr).toContain("nothing was ordered again");
  const names = await readdir(folder.path);
  expect(names).toHaveLength(10);
  const after = await readLedgerTotals(stack().sandboxUrl);
  expect((after.submissions ?? 0) - (before.submissions ?? 0)).toBe(3);
  expect(after.paidTwice).toBe(before.paidTwice);

  const written = await Promise.all(names.map(async (name) => (await stat(join(folder.path, name))).mtimeMs));
  await writeFile(join(folder.path, names[0] ?? ""), "not the image");
  const third = await tirageOnTerminal(stack().apiUrl, parameters);
  expect(third.code, third.stderr).toBe(0);
  expect(third.stdout).toContain(`10 files in ${folder.path}, 9 of them were there before`);
  const rewritten = await Promise.all(names.map(async (name) => (await stat(join(folder.path, name))).mtimeMs));
  expect(rewritten.slice(1)).toEqual(written.slice(1));
  expect(await hashesOf(folder.path)).toEqual(
    (await listProducts(stack().apiUrl, idOf(again.stdout))).map(({ sha256 }) => sha256).sort(),
  );
});

test("order create --watch: on a terminal, a bar beside and one line of how it ended", async () => {
  const { code, stdout, stderr } = await tirageOnTerminal(
    ...([stack().apiUrl, ["order", "create", ...tenImages, "--watch"]] as const),
  );

  expect(code, stderr).toBe(0);
  expect(stderr).toMatch(/░+ +0% {2}0\/10 images · 0\/3 calls/);
  expect(stderr).toMatch(/█+ 100% {2}10\/10 images · 3\/3 calls/);
  expect(stderr.endsWith("\r\u001b[2K")).toBe(true);
  expect(stdout.trim().split("\n").at(-1)).toMatch(/^✓ completed {2}10 of 10 images in \d+s$/);
});

test("order create --watch: every call is refused by the provider, exit 1 with the reason and what to do", async () => {
  await controlSandbox(stack(), { rules: [{ fault: "policy" }] });

  const { code, stderr } = await tirage(stack().apiUrl, "order", "create", ...tenImages, "--watch");

  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: order \S+: ✗ failed {2}0 of 10 images in \d+s: .*\(\w+\)$/m);
  expect(stderr).toMatch(/^→ tirage order get \S+ --items says why/m);
});

test("order create --watch: one of three calls is refused, exit 0 with a warning that images are missing", async () => {
  await controlSandbox(stack(), { rules: [{ fault: "policy", times: 1 }] });

  const { code, stderr } = await tirage(stack().apiUrl, "order", "create", ...tenImages, "--watch");

  expect(code, stderr).toBe(0);
  expect(stderr).toMatch(/^warning: order \S+: ✓ completed in part {2}[68] of 10 images/m);
});

test("order create --watch: SIGINT without a terminal, exit 130 and the order goes on", async () => {
  await controlSandbox(stack(), { latencyMs: 1_500 });
  const watching = startTirage(stack().apiUrl, ["order", "create", ...tenImages, "--watch"]);
  await eventually(() => watching.output.stdout.includes(" processing "), { timeoutMs: 30_000 });

  watching.child.kill("SIGINT");

  const { code, stdout, stderr } = await watching.ended;
  expect(code).toBe(130);
  expect(stderr).toContain(`not cancelled, the order will go on; to see more: tirage order watch ${idOf(stdout)}`);
  expect((await untilEnded(stack().apiUrl, idOf(stdout))).status).toBe("completed");
});

test.each([
  [true, "cancelled"],
  [false, "completed"],
])("order create --watch: Ctrl-C on a terminal, cancel answered %s, the order is %s", async (answer, status) => {
  // Only who cancels it in time sees the end of the first.
  await controlSandbox(stack(), { latencyMs: answer ? 60_000 : 100 });
  const ending = new AbortController();

  const { code, stdout, questions } = await tirageOnTerminal(
    stack().apiUrl,
    ["order", "create", ...tenImages, "--watch"],
    {
      answer,
      signal: ending.signal,
      onWrite: ({ stderr }) => stderr.includes(" calls") && ending.abort(new Interrupted("SIGINT")),
    },
  );

  expect(code).toBe(130);
  expect(questions).toEqual(["Cancel the order too? What runs may be charged."]);
  expect((await untilEnded(stack().apiUrl, idOf(stdout))).status).toBe(status);
});

test("order create --dry-run: plan and price, and nothing is ordered", async () => {
  const { code, stdout } = await tirage(stack().apiUrl, "order", "create", ...tenImages, "--dry-run");

  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^3 calls of 4, the last asks 2: 10 images, about \$0\.\d+ \(sandbox: nothing is charged\); nothing was ordered\n$/,
  );
});

test.each([
  [["-n", "10", "--batch-size", "9"], "", { generations: 3, totalProducts: 10 }],
  [["--generations", "3", "--batch-size", "9"], ", which takes 7 calls for 3", { generations: 7, totalProducts: 27 }],
])(
  "order create %j: more than the model makes a call, a warning on stderr and more calls",
  async (amount, more, plan) => {
    const create = (...flags: string[]) =>
      tirage(stack().apiUrl, "order", "create", ...ofFal, "--prompt", "a", ...amount, ...flags);
    const lowered = "fal-ai/flux/schnell makes at most 4 outputs a call: the batch size was lowered to that";

    const { code, stdout, stderr } = await create("--json");

    expect(code, stderr).toBe(0);
    expect(stderr).toBe(`warning: ${lowered}${more}\n`);
    expect(JSON.parse(stdout).plan).toMatchObject(plan);
    expect((await create("--dry-run")).stderr).toBe(stderr);
  },
);

test("order create: a batch size beyond any model's and no amount, exit 2 with the flags at fault", async () => {
  const wrong = ["order", "create", ...ofFal, "--prompt", "a", "--batch-size", "99"];

  const { code, stdout, stderr } = await tirage(stack().apiUrl, ...wrong);

  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toMatch(/^ {2}--batch-size: /m);
  expect(stderr).toMatch(/^ {2}--generations: give generations/m);
});

test("order create --out: the folder cannot be made, exit 1 and one line that says so", async () => {
  await using folder = await createFolder();
  await writeFile(join(folder.path, "file"), "");

  const { code, stderr } = await tirage(
    ...[stack().apiUrl, "order", "create", ...tenImages, "--out", join(folder.path, "file", "images")],
  );

  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: ENOTDIR/m);
});

/** `tirage order create --from`: many orders of a file, in chunks, resumed after a kill. */
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eventually } from "@tirage/testkit";
import { beforeAll, expect, test } from "vitest";
import { readLedgerTotals } from "../e2e/order-request.ts";
import { controlSandbox, useStack } from "../e2e/start-stack.ts";
import { createFolder, ofFal, readLines, startTirage, tirage, tirageOnTerminal } from "./tirage.ts";

const stack = useStack();
beforeAll(() => controlSandbox(stack(), { latencyMs: 20 }));

const countOrders = async (): Promise<number> =>
  readLines((await tirage(stack().apiUrl, "order", "list", "--all", "--json")).stdout).length;
const create = (...parameters: string[]) => ["order", "create", ...ofFal, "--quantity", "1", ...parameters];

test("order create --from csv: killed after a hundred of 250 orders and run again twice, 250 orders and 250 bought", async () => {
  await using folder = await createFolder();
  const file = join(folder.path, "prompts.csv");
  await writeFile(file, `prompt\n${Array.from({ length: 250 }, (_, index) => `"fox, no. ${index}"\n`).join("")}`);
  const bought = async () => (await readLedgerTotals(stack().sandboxUrl)).submissions ?? 0;
  const [ordersBefore, boughtBefore] = [await countOrders(), await bought()];
  const killed = startTirage(stack().apiUrl, create("--from", file));
  await eventually(() => killed.output.stdout.split("\n").length > 100, { timeoutMs: 30_000, intervalMs: 1 });
  killed.child.kill("SIGKILL");
  await killed.ended;

  const again = await tirage(stack().apiUrl, ...create("--from", file));
  const watched = await tirageOnTerminal(stack().apiUrl, create("--from", file, "--watch"));

  expect(again.code, again.stderr).toBe(0);
  expect(again.stdout.trim().split("\n")).toHaveLength(250);
  expect(again.stderr).toMatch(/^[12]\d0 of them were ordered before: give another --key to order them anew$/m);
  expect(watched.code, watched.stderr).toBe(0);
  expect(watched.stderr).toContain("250/250 orders");
  expect((await countOrders()) - ordersBefore).toBe(250);
  expect((await bought()) - boughtBefore).toBe(250);
}, 120_000);

test("order create --from jsonl --out: orders of two models, a file for each image", async () => {
  await using folder = await createFolder();
  const file = join(folder.path, "prompts.jsonl");
  const lines = [
    { prompt: "a fox", quantity: 2, parameters: { image_size: "square" } },
    { prompt: "a hare", provider: "replicate", model: "black-forest-labs/flux-schnell" },
  ];
  await writeFile(file, lines.map((line) => JSON.stringify(line)).join("\n"));
  const out = join(folder.path, "images");

  const { code, stdout, stderr } = await tirage(stack().apiUrl, ...create("--from", file, "--out", out, "--json"));

  expect(code, stderr).toBe(0);
  const events = readLines(stdout) as { type: string; file?: string }[];
  expect(events.filter(({ type }) => type === "end")).toHaveLength(2);
  const files = events.flatMap((event) => event.file ?? []);
  expect(files.sort()).toEqual((await readdir(out)).map((name) => join(out, name)).sort());
  expect(files).toHaveLength(3);
});

test.each([
  [
    "prompts.csv",
    "prompt,batchSize,parameters.image_size,priority\na,,,\nb,99,,\nc,,enormous,\nd,,,soon\n",
    [/^ {2}\S+:3: batchSize: /m, /^ {2}\S+:4: parameters\.image_size: /m, /^ {2}\S+:5: priority: /m],
  ],
  [
    "prompts.jsonl",
    `{"prompt":"a"}\n{"prompt":""}\n{"prompt":"${"x".repeat(10_001)}"}\n{"prompt":"b","seed":-1}\n`,
    [/^ {2}\S+:2: prompt: /m, /^ {2}\S+:3: prompt: /m, /^ {2}\S+:4: seed: /m],
  ],
  ["broken.jsonl", '{"prompt":"a"}\n{"prompt"\n', [/^ {2}\S+:2: is no JSON: /m]],
])("order create --from %s: faulty lines, exit 2 with each line and nothing is ordered", async (name, text, faults) => {
  await using folder = await createFolder();
  await writeFile(join(folder.path, name), text);
  const before = await countOrders();

  const { code, stdout, stderr } = await tirage(stack().apiUrl, ...create("--from", join(folder.path, name)));

  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toContain("nothing was ordered");
  for (const fault of faults) expect(stderr).toMatch(fault);
  expect(await countOrders()).toBe(before);
});

test("order create --from --key: the file was changed under the key, exit 2 and nothing more is ordered", async () => {
  await using folder = await createFolder();
  const file = join(folder.path, "prompts.csv");
  const parameters = create("--from", file, "--key", "spring");
  await writeFile(file, "prompt\na\n");
  expect((await tirage(stack().apiUrl, ...parameters)).code).toBe(0);
  const before = await countOrders();
  await writeFile(file, "prompt\na\nb\n");

  const { code, stderr } = await tirage(stack().apiUrl, ...parameters);

  expect(code).toBe(2);
  expect(stderr).toContain("→ this --key stands for another order");
  expect(await countOrders()).toBe(before);
});

test("order create --from --dry-run: the sum of what would be made, and nothing is ordered", async () => {
  await using folder = await createFolder();
  const file = join(folder.path, "prompts.csv");
  await writeFile(file, "prompt,quantity\na,3\nb,\n");
  const before = await countOrders();

  const { stdout } = await tirage(stack().apiUrl, ...create("--from", file, "--dry-run"));

  expect(stdout).toMatch(/^2 orders: 4 images, about \$0\.\d+; nothing was ordered\n$/);
  expect(await countOrders()).toBe(before);
});

test("order create --from: batches beyond the model's, each warning once with its first line", async () => {
  await using folder = await createFolder();
  const file = join(folder.path, "prompts.csv");
  await writeFile(file, "prompt,batchSize\na,\nb,9\nc,9\n");

  const { code, stderr } = await tirage(stack().apiUrl, ...create("--from", file));

  expect(code, stderr).toBe(0);
  expect(stderr.split("\n").filter((line) => line.startsWith("warning:"))).toEqual([
    expect.stringMatching(
      /prompts\.csv:3: fal-ai.flux.schnell makes at most 4 outputs a call: .* \(and 1 line more\)$/,
    ),
  ]);
});

test.each([
  [["--from", "nowhere.csv"], "error: --from nowhere.csv cannot be read: ENOENT"],
  [["--from", "prompts.csv", "--prompt", "a"], "error: --prompt and --from exclude each other"],
])("order create %j: exit 2 and one line that says why", async (parameters, message) => {
  const { code, stderr } = await tirage(stack().apiUrl, ...create(...parameters));

  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

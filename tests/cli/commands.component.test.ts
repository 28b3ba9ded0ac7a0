/** The commands beside `order create`, against the whole system, before a provider sandbox. */
import { randomUUID } from "node:crypto";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deadLetter, item, model, order, product, providerPause, queue, quote, worker } from "@tirage/contracts";
import { connectBroker, publish } from "@tirage/messaging";
import { silentLogger } from "@tirage/messaging/testing";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { readLedgerTotals, readOrder } from "../e2e/order-request.ts";
import { controlSandbox, useStack } from "../e2e/start-stack.ts";
import { createFolder, ofFal, readLines, startTirage, tirage, tirageOnTerminal } from "./tirage.ts";

const stack = useStack();
beforeEach(() => controlSandbox(stack(), { rules: [], latencyMs: 20 }));

const on = (...parameters: string[]) => tirage(stack().apiUrl, ...parameters);
const createFive = ["order", "create", ...ofFal, "--prompt", "a lighthouse at dusk", "-n", "5", "--watch"];
let orderId = "";
beforeAll(async () => {
  orderId = (await on(...createFive)).stdout.slice(0, 36);
});

interface Schema {
  safeParse(line: unknown): { readonly error?: Error | undefined };
}

/** A line of what is watched. */
const event: Schema = {
  safeParse(line) {
    const { type, ...rest } = line as { type: string; order?: unknown; product?: unknown };
    if (type === "product") return product.safeParse(rest.product);
    return type === "order" || type === "end" ? order.safeParse(rest.order) : { error: new Error(`type ${type}`) };
  },
};

/** A line of what the doctor found, when all is well. */
const finding: Schema = {
  safeParse(line) {
    const { check, status, detail } = line as Record<string, unknown>;
    const isFinding =
      typeof check === "string" && typeof detail === "string" && (status === "ok" || status === "warning");
    return isFinding ? {} : { error: new Error("no finding") };
  },
};

test.each<[string[], Schema]>([
  [["order", "create", ...ofFal, "--prompt", "a", "-n", "1"], order],
  [["order", "create", ...ofFal, "--prompt", "a", "-n", "5", "--dry-run"], quote],
  [["order", "create", ...ofFal, "--prompt", "a", "-n", "5", "--watch"], event],
  [["order", "list", "--limit", "2"], order],
  [["order", "get", "ID"], order],
  [["order", "get", "ID", "--items"], item],
  [["order", "get", "ID", "--products"], product],
  [["order", "watch", "ID"], event],
  [["models"], model],
  [["models", "fal-ai/flux/schnell"], model],
  [["queues"], queue],
  [["workers"], worker],
  [["doctor"], finding],
])("%j --json: every line is what the contracts say", async (parameters, schema) => {
  const { code, stdout, stderr } = await on(...parameters.map((word) => (word === "ID" ? orderId : word)), "--json");

  expect(code, stderr).toBe(0);
  expect(stderr).toBe("");
  const lines = readLines(stdout);
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) expect(schema.safeParse(line).error, JSON.stringify(line)).toBeUndefined();
});

test("order list, get: for a person, status and counts in words", async () => {
  expect((await on("order", "list")).stdout).toMatch(
    new RegExp(`^${orderId} +completed +5/5 +\\S+.* ago +\\d+s +\\$0\\.015 `, "m"),
  );
  const shown = (await on("order", "get", orderId)).stdout;
  expect(shown).toMatch(/^status +✓ completed$/m);
  expect(shown).toMatch(/^images +5 of 5 images$/m);
  expect(shown).toMatch(/^calls +2: 2 completed$/m);
  expect(shown).toMatch(/^cost +\$0\.015 \(sandbox: nothing is charged\)$/m);
  expect(shown).toMatch(/^took +\d+s$/m);
});

test("order get --items, --products, --out: calls and images are counted from 1, in JSON from 0", async () => {
  await using folder = await createFolder();
  const firstCells = (text: string) => text.split("\n").map((line) => line.trim().split(/ +/)[0]);

  expect(firstCells((await on("order", "get", orderId, "--items")).stdout)).toEqual(["CALL", "1", "2", ""]);
  expect(firstCells((await on("order", "get", orderId, "--products")).stdout)).toEqual([
    ...["IMAGE", "1", "2", "3", "4", "5", ""],
  ]);
  const items = readLines((await on("order", "get", orderId, "--items", "--json")).stdout);
  expect(items.map((line) => item.parse(line).index)).toEqual([0, 1]);
  const { stdout } = await on("order", "watch", orderId, "--out", folder.path);
  expect((await readdir(folder.path)).sort()).toEqual([1, 2, 3, 4, 5].map((place) => `${orderId}-00${place}.jpg`));
  for (const place of [1, 5])
    expect(stdout).toMatch(new RegExp(`^product ${orderId} ${place} .*-00${place}.jpg$`, "m"));
});

test("order list: a filter finds nothing, it does not say that there are no orders", async () => {
  const { code, stderr } = await on("order", "list", "--created-before", "2000-01-01T00:00:00Z");

  expect(code, stderr).toBe(0);
  expect(stderr).toBe("no such orders\n");
});

test("order get: nobody's order, exit 1", async () => {
  const { code, stderr } = await on("order", "get", "0192c0de-0000-7000-8000-000000000000");

  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: Not found: /);
});

test("order retry --watch: one call had been refused, it runs again and the exit is 0; again, 1", async () => {
  await controlSandbox(stack(), { rules: [{ fault: "policy", times: 1 }] });
  const id = (await on(...createFive)).stdout.slice(0, 36);
  await controlSandbox(stack(), { rules: [] });
  const before = await readLedgerTotals(stack().sandboxUrl);

  const { code, stdout, stderr } = await on("order", "retry", id, "--watch");

  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(new RegExp(`^end ${id} completed 5 of 5 images$`, "m"));
  expect((await readLedgerTotals(stack().sandboxUrl)).submissions).toBe((before.submissions ?? 0) + 1);
  const again = await on("order", "retry", id);
  expect(again.code).toBe(1);
  expect(again.stderr).toContain(`warning: order ${id}: The request conflicts with the present state`);
});

test("order cancel --watch: one runs and one has ended, what came of each call and exit 1 for the other", async () => {
  await controlSandbox(stack(), { latencyMs: 20_000 });
  const running = (await on(...createFive.slice(0, -1))).stdout.slice(0, 36);

  const { code, stdout, stderr } = await on("order", "cancel", running, orderId, "--watch");

  expect(code).toBe(1);
  expect(stderr).toContain(`warning: order ${orderId}`);
  expect(stdout).toMatch(new RegExp(`^${running} {2}\\d calls? (not started|aborted)`, "m"));
  expect((await readOrder(stack().apiUrl, running)).status).toBe("cancelled");
});

/** Quarantines a message as messaging does. */
async function bury(code: string, originalSubject = `work.fal.${orderId}.1`, stream = "WORK"): Promise<void> {
  await using broker = await connectBroker({ servers: [stack().natsUrl], service: "test", logger: silentLogger });
  const original = { originalSubject, stream, durable: "generator-work-fal" };
  const details = { streamSequence: 1, deliveryCount: 1, headers: {}, body: "{", bodyEncoding: "utf8" } as const;
  await publish(broker, deadLetter.create({ ...original, ...details, code, reason: "cannot be read" }));
}

test("dead-letters: listed, shown, refused without a choice, discarded when it is confirmed, replayed by filter", async () => {
  for (const code of ["first", "second", "second"]) await bury(code);
  const [letter] = readLines((await on("dead-letters", "list", "--code", "first", "--json")).stdout) as {
    id: string;
  }[];
  const id = letter?.id ?? "";
  expect((await on("dlq", "list")).stdout).toMatch(/^ *\d+ +first .*cannot be read$/m);
  expect((await on("dead-letters", "show", id)).stdout).toMatch(/^code +first$/m);
  expect((await on("dead-letters", "replay")).code).toBe(2);
  expect((await on("dead-letters", "discard", id)).stderr).toContain("add --yes");

  const terminal = (answer: boolean) => tirageOnTerminal(stack().apiUrl, ["dead-letters", "discard", id], { answer });
  expect(await terminal(false)).toMatchObject({ code: 2, questions: ["Discard 1 dead letter? It cannot be undone."] });
  expect(await terminal(true)).toMatchObject({ code: 0, stdout: `${id}  discarded\n` });
  expect((await on("dead-letters", "show", id)).code).toBe(1);

  const replayed = await on("dead-letters", "replay", "--code", "second");
  expect(replayed.code, replayed.stderr).toBe(0);
  expect(replayed.stdout).toMatch(/^\d dead letters? replayed/);
  expect((await on("dead-letters", "discard", "--all", "--yes")).code).toBe(0);
  expect((await on("dead-letters", "list")).stderr).toBe("no dead letters: every message was handled\n");
});

test("dead-letters replay --payload: refused where it does not fit with what is wrong, then replayed", async () => {
  await bury("mended", `order.recount_requested.${orderId}`, "ORDERS");
  const [letter] = readLines((await on("dead-letters", "list", "--code", "mended", "--json")).stdout);
  const { id } = letter as { id: string };
  await using folder = await createFolder();
  const replay = async (payload: object) => {
    const file = join(folder.path, "payload.json");
    await writeFile(file, JSON.stringify(payload));
    return await on("dead-letters", "replay", id, "--payload", file);
  };

  const refused = await replay({ orderId: "another" });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("/payload/orderId");
  expect(await replay({ orderId })).toMatchObject({ code: 0, stdout: `${id}  republished\n` });
});

test("queues pause, resume: of a provider, an order waits meanwhile, the doctor says what to do, and it is made", async () => {
  expect((await on("queues", "pause", "fal")).stdout).toMatch(
    /^fal is paused since .*; tirage queues resume fal ends it/,
  );
  expect((await on("queues")).stdout).toMatch(/^generator-work-fal +fal .* paused by a person$/m);
  const doctor = await on("doctor");
  expect(doctor.code).toBe(1);
  expect(doctor.stdout).toMatch(/^✗ queues +fal: paused by a person\n +→ tirage queues resume fal ends it$/m);
  const id = (await on(...createFive.slice(0, -1))).stdout.slice(0, 36);
  expect((await readOrder(stack().apiUrl, id)).status).toBe("pending");

  const { code, stdout } = await on("queues", "resume", "fal", "--json");

  expect(code).toBe(0);
  expect(providerPause.parse(readLines(stdout)[0])).toEqual({ provider: "fal", pausedAt: null });
  expect((await on("order", "watch", id)).code).toBe(0);
  expect((await on("queues", "pause", "nobody")).code).toBe(1);
});

test("doctor: everything is there, each thing that was looked at and exit 0", async () => {
  const { code, stdout } = await on("doctor");

  expect(code, stdout).toBe(0);
  for (const check of ["api", "database", "nats", "workers", "queues", "providers", "dead letters"]) {
    expect(stdout).toMatch(new RegExp(`^[✓!] ${check} `, "m"));
  }
});

test("order list: nobody reads its output, it ends well and without a complaint", async () => {
  const { child, ended } = startTirage(stack().apiUrl, ["order", "list", "--all", "--json"]);
  child.stdout?.destroy();

  expect(await ended).toEqual({ code: 0, stdout: "", stderr: "" });
});

test("order delete: on a terminal it asks first; of two of which one runs, the other is deleted and the exit is 1", async () => {
  const ended = (await on("order", "create", ...ofFal, "--prompt", "a quay", "-n", "1", "--watch")).stdout.slice(0, 36);
  const terminal = (answer: boolean) => tirageOnTerminal(stack().apiUrl, ["order", "delete", ended, ended], { answer });
  expect(await terminal(false)).toMatchObject({
    code: 2,
    questions: ["Delete 1 order with all images? It cannot be undone."],
  });
  expect((await on("order", "get", ended)).code).toBe(0);
  await controlSandbox(stack(), { rules: [{ fault: "slow", latencyMs: 20_000 }] });
  const running = (await on("order", "create", ...ofFal, "--prompt", "a buoy", "-n", "1")).stdout.slice(0, 36);

  const both = await on("order", "delete", running, ended, "--yes", "--json");

  expect(both.code).toBe(1);
  expect(both.stderr).toContain("cancel it first");
  expect(readLines(both.stdout)).toEqual([{ id: ended, action: "deleted" }]);
  const gone = await on("order", "get", ended);
  expect(gone.code).toBe(1);
  expect(gone.stderr).toContain("was deleted");
  expect((await on("order", "cancel", running, running, "--watch")).code).toBe(0);
  expect(await tirageOnTerminal(stack().apiUrl, ["order", "delete", running], { answer: true })).toMatchObject({
    code: 0,
    stdout: `${running}  deleted\n`,
  });
});

test("order delete: asks for --yes where nobody can answer, deletes, and says what cannot be found", async () => {
  const created = await on("order", "create", ...ofFal, "--prompt", "a pier", "-n", "1", "--watch");
  const id = created.stdout.slice(0, 36);

  expect((await on("order", "delete", id)).code).toBe(2);
  const deleted = await on("order", "delete", id, "--yes");
  const again = await on("order", "delete", id, "--yes");

  expect(deleted).toMatchObject({ code: 0, stdout: `${id}  deleted\n` });
  expect(again.code).toBe(0);
  const nobodys = await on("order", "delete", randomUUID(), "--yes");
  expect(nobodys.code).toBe(1);
  expect(nobodys.stderr).toContain("there is no order");
  const watched = await on("order", "watch", id);
  expect(watched.code).toBe(1);
  expect(watched.stderr).toContain("was deleted");
});

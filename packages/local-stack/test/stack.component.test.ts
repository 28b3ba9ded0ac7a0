import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { eventually } from "@tirage/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LocalStack, StackError, startLocalStack } from "../src/index.ts";
import { isAlive } from "../src/infrastructure/process-table.ts";
import { listDescendants } from "./list-descendants.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";

const resources = new AsyncDisposableStack();
const reports: string[] = [];
let stack: LocalStack;
beforeAll(async () => {
  const folder = resources.use(await createTemporaryFolder());
  stack = resources.use(
    await startLocalStack({
      dataDirectory: join(folder.path, "data"),
      provider: "sandbox",
      environment: { PATH: process.env.PATH, HOME: process.env.HOME, LOG_LEVEL: "warn" },
      report: (line) => reports.push(line),
    }),
  );
}, 180_000);
afterAll(() => resources.disposeAsync(), 60_000);

const isReady = async (url: string) => (await fetch(`${url}/readyz`)).ok;

test("startLocalStack: resolved, all services and two generators are ready and the sandbox has sold nothing", async () => {
  expect(stack.services.map((service) => service.name)).toEqual([
    "order-api",
    "dispatcher",
    "status-aggregator",
    "generator-1",
    "generator-2",
  ]);
  for (const service of stack.services) expect(await isReady(service.url)).toBe(true);
  expect((await fetch(`${stack.sandboxUrl}/__ledger`)).status).toBe(200);
  expect(stack.providers.targets).toEqual({ fal: "sandbox", replicate: "sandbox" });
});

test("startLocalStack: a service is killed, it comes back on its address and that is said", async () => {
  const [generator] = stack.services.filter((service) => service.name === "generator-1");
  const pid = generator?.pid;

  generator?.kill("SIGKILL");

  await eventually(() => generator?.restarts === 1, { timeoutMs: 30_000 });
  expect(await isReady(generator?.url ?? "")).toBe(true);
  expect(generator?.pid).not.toBe(pid);
  expect(reports.join("\n")).toContain("generator-1 ended (signal SIGKILL): it is started again in 0.25 s");
});

test.each(["NATS", "Postgres"])(
  "startLocalStack: %s dies, it comes back and every service is ready again",
  async (name) => {
    const server = stack.infrastructure.find((part) => part.name === name);

    server?.kill(name === "Postgres" ? "SIGQUIT" : "SIGKILL");

    await eventually(() => server?.restarts === 1, { timeoutMs: 30_000 });
    for (const service of stack.services) await eventually(() => isReady(service.url), { timeoutMs: 30_000 });
  },
);

test("startLocalStack: a second one on the same data, refused with the process that holds it", async () => {
  const second = startLocalStack({ dataDirectory: stack.dataDirectory });

  await expect(second).rejects.toThrow(StackError);
  await expect(second).rejects.toThrow(`already runs on ${stack.dataDirectory} (process ${process.pid})`);
});

test("startLocalStack: the API's port is in use, refused with the port and the flag, and nothing was started", async () => {
  await using folder = await createTemporaryFolder();
  const { port } = new URL(stack.apiUrl);

  const start = startLocalStack({ dataDirectory: folder.path, apiPort: Number(port) });

  await expect(start).rejects.toThrow(`port ${port} is in use: choose another one with --port`);
  expect(await readdir(folder.path)).toEqual(["blobs", "logs"]);
});

test("startLocalStack: aborted while it starts, it rejects with the reason and leaves no process", async () => {
  await using folder = await createTemporaryFolder();
  // Not the running stack's own, which start some meanwhile: Postgres one for each session.
  const ofStack = [...stack.services, ...stack.infrastructure].map((part) => part.pid ?? 0);
  const before = await listDescendants(process.pid, ofStack);
  const listNew = async () => (await listDescendants(process.pid, ofStack)).filter((pid) => !before.includes(pid));
  const abort = new AbortController();
  const start = startLocalStack({
    dataDirectory: folder.path,
    environment: { PATH: process.env.PATH, HOME: process.env.HOME },
    signal: abort.signal,
  });
  const rejected = expect(start).rejects.toThrow("changed my mind");
  await eventually(async () => (await listNew()).length > 0);

  abort.abort(new Error("changed my mind"));

  await rejected;
  expect(await listNew()).toEqual([]);
});

test("startLocalStack: stopped, every process is gone and the data can be used again", async () => {
  const pids = [...stack.services, ...stack.infrastructure].map((part) => part.pid ?? 0);
  expect(pids.every(isAlive)).toBe(true);

  await stack.stop();

  expect(pids.filter(isAlive)).toEqual([]);
  expect(await readdir(stack.dataDirectory)).not.toContain("stack.lock");
});

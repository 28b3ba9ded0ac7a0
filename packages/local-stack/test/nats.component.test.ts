import { createServer } from "node:net";
import { join } from "node:path";
import { eventually } from "@tirage/testkit";
import { beforeAll, expect, test } from "vitest";
import { findFreePort, findNatsServer, startNats } from "../src/infrastructure/index.ts";
import { isAlive } from "../src/infrastructure/process-table.ts";
import { holdServer } from "./hold-server.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";

let program: string;
beforeAll(async () => {
  program = (await findNatsServer({ environment: process.env })).path;
}, 300_000);

test("startNats: started on a free port, JetStream is on and the store is where it was asked to be", async () => {
  await using folder = await createTemporaryFolder();
  await using nats = await startNats({ program, storeDirectory: folder.path });

  const state = await ask(`${nats.monitorUrl}/jsz`);

  expect(state).toMatchObject({ config: { store_dir: join(folder.path, "jetstream") } });
  expect(nats.url).toBe(`nats://127.0.0.1:${nats.port}`);
});

test("startNats: killed and restarted, another process answers on the same ports", async () => {
  await using folder = await createTemporaryFolder();
  await using nats = await startNats({ program, storeDirectory: folder.path });
  const { pid, port } = nats;
  nats.kill("SIGKILL");
  expect(await nats.exited).toMatchObject({ signal: "SIGKILL" });

  await nats.restart();

  expect(nats.pid).not.toBe(pid);
  expect(await ask(`${nats.monitorUrl}/varz`)).toMatchObject({ port });
});

test("startNats: a given port that is in use, the error says so and nothing is left running", async () => {
  await using folder = await createTemporaryFolder();
  const port = await findFreePort();
  const squatter = createServer().listen(port, "127.0.0.1");

  const start = startNats({ program, storeDirectory: folder.path, port, monitorPort: await findFreePort() });

  await expect(start).rejects.toThrow(/address already in use/);
  squatter.close();
});

test("startNats: whoever started it is killed, the server ends by itself", async () => {
  await using folder = await createTemporaryFolder();
  const held = await holdServer("nats", folder.path, program);
  expect(isAlive(held.serverPid)).toBe(true);

  await held.kill9();

  await eventually(() => !isAlive(held.serverPid));
});

test("startNats: a server of an earlier run is still on the store, it is stopped and that is said", async () => {
  await using folder = await createTemporaryFolder();
  const held = await holdServer("nats", folder.path, program);
  const reports: string[] = [];

  await using nats = await startNats({ program, storeDirectory: folder.path, report: (line) => reports.push(line) });

  expect(reports).toEqual([`NATS of an earlier run was still there (process ${held.serverPid}): it was stopped`]);
  expect(isAlive(nats.pid)).toBe(true);
  await held.kill9();
});

async function ask(url: string): Promise<unknown> {
  return (await fetch(url)).json();
}

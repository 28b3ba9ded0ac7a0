import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findFreePort, startNats } from "@tirage/local-stack/infrastructure";
import { inject } from "vitest";
import { disableReaper, findContainer, startNatsContainer } from "./containers.ts";
import { eventually } from "./eventually.ts";

export interface TestNats extends AsyncDisposable {
  /** Stays the same through every restart. */
  url: string;
  /** Where it stores; absent in a container. */
  readonly storeDirectory?: string;
  /** Stops the server if it runs, and starts it; `wipe` removes all it had stored in between. */
  restart(options?: { wipe?: boolean }): Promise<void>;
  /** SIGKILL: the server is gone when this resolves. `restart` brings it back. */
  kill9(): Promise<void>;
  /** Freezes the server: connections stay open and nothing answers. */
  pause(): Promise<void>;
  resume(): Promise<void>;
}

/** A NATS server with JetStream of the test's own, with an empty store that goes with it on disposal. */
export async function startTestNats(): Promise<TestNats> {
  const infrastructure = inject("testInfrastructure");
  if (infrastructure.kind === "embedded") return startEmbedded(infrastructure.natsProgram);
  if (!infrastructure.isReaperAvailable) disableReaper(process.env);
  return startContainer();
}

async function startEmbedded(program: string): Promise<TestNats> {
  const folder = await mkdtemp(join(tmpdir(), "tirage-test-nats-"));
  const nats = await startNats({ program, storeDirectory: folder });
  const wipeStore = () => rm(folder, { recursive: true, force: true });
  return {
    url: nats.url,
    storeDirectory: folder,
    restart: ({ wipe = false } = {}) => nats.restart(wipe ? wipeStore : undefined),
    async kill9() {
      nats.kill("SIGKILL");
      await nats.exited;
    },
    async pause() {
      nats.kill("SIGSTOP");
    },
    async resume() {
      nats.kill("SIGCONT");
    },
    async [Symbol.asyncDispose]() {
      await nats.stop();
      await wipeStore();
    },
  };
}

async function startContainer(): Promise<TestNats> {
  const port = await findFreePort();
  let started = await startNatsContainer(port);
  let container = await findContainer(started);
  const remove = () => started.stop({ remove: true, removeVolumes: true });
  return {
    url: `nats://127.0.0.1:${port}`,
    async restart({ wipe = false } = {}) {
      if ((await container.inspect()).State.Paused) await container.unpause();
      if (wipe) {
        await remove();
        started = await startNatsContainer(port);
        container = await findContainer(started);
      } else {
        await container.restart({ t: 10 });
      }
      await eventually(() => greets(port), { timeoutMs: 30_000 });
    },
    async kill9() {
      await container.kill({ signal: "SIGKILL" });
      await eventually(async () => !(await container.inspect()).State.Running);
    },
    async pause() {
      await container.pause();
    },
    async resume() {
      await container.unpause();
    },
    async [Symbol.asyncDispose]() {
      if ((await container.inspect()).State.Paused) await container.unpause();
      await remove();
    },
  };
}

/** Whether a server with JetStream greets there: the engine's port opens before the server behind it is ready. */
function greets(port: number): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect(port, "127.0.0.1");
    const answer = (isReady: boolean) => {
      socket.destroy();
      settle(isReady);
    };
    socket.setTimeout(1_000, () => answer(false));
    socket.once("data", (greeting) => answer(greeting.toString().includes('"jetstream":true')));
    socket.once("error", () => answer(false));
    socket.once("close", () => answer(false));
  });
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("fixtures/hold-server.ts", import.meta.url));

/** Starts a server from another process, so that the test can kill that process. */
export async function holdServer(kind: "postgres" | "nats", folder: string, program = "") {
  const holder = spawn(process.execPath, [script, kind, folder, program], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(createInterface({ input: holder.stdout }), "line")) as [string];
  const { pid } = JSON.parse(line) as { pid: number };
  return {
    serverPid: pid,
    holderPid: holder.pid ?? 0,
    async kill9() {
      const exited = once(holder, "exit");
      holder.kill("SIGKILL");
      await exited;
    },
  };
}

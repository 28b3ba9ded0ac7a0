#!/usr/bin/env node
// The command in this repository, where nothing is compiled: runs the TypeScript itself, or lets the bootstrap find a Node that can.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

if (process.features.typescript) {
  await import("../src/main.ts");
} else {
  const bootstrap = fileURLToPath(new URL("../../../scripts/bootstrap.mjs", import.meta.url));
  const child = spawn(process.execPath, [bootstrap, "tirage", ...process.argv.slice(2)], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.once("exit", (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
  });
}

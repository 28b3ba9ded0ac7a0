/** What must hold before a change is kept: `npm run check`. Says one line for each check, and what a failed one printed. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

interface Check {
  name: string;
  /** As Node runs it, or a program of node_modules/.bin, which the bootstrap puts on PATH. */
  command: readonly [program: string, ...parameters: string[]];
}

const root = fileURLToPath(new URL("..", import.meta.url));
const timeoutMs = 300_000;

const checks: Check[] = [
  { name: "types", command: ["tsc", "-p", "tsconfig.json", "--noEmit", "--pretty", "false"] },
  { name: "types of the console", command: ["tsc", "-p", "apps/console", "--noEmit", "--pretty", "false"] },
  { name: "lint and format", command: ["biome", "ci", "--colors=off"] },
  { name: "boundaries", command: [process.execPath, "tools/check-boundaries.ts"] },
  { name: "unused code", command: ["knip", "--no-progress"] },
];

interface Outcome {
  passed: boolean;
  output: string;
  elapsedMs: number;
}

/** Resolves always: a check that cannot be run, or takes longer than 5 minutes, has failed. */
function run({ command: [program, ...parameters] }: Check): Promise<Outcome> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const child = spawn(program, parameters, { cwd: root, stdio: ["ignore", "pipe", "pipe"], timeout: timeoutMs });
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    child.stderr.on("data", (chunk) => {
      output += chunk;
    });
    const end = (passed: boolean) => resolve({ passed, output, elapsedMs: performance.now() - startedAt });
    child.once("error", (error) => {
      output += `${program} could not be run: ${error.message}`;
      end(false);
    });
    child.once("close", (code, signal) => {
      if (signal) output += `\n${program} was ended by ${signal} after ${Math.round(performance.now() - startedAt)} ms`;
      end(code === 0);
    });
  });
}

const failed: string[] = [];
await Promise.all(
  checks.map(async (check) => {
    const { passed, output, elapsedMs } = await run(check);
    process.stdout.write(`${passed ? "passed" : "FAILED"}  ${check.name} (${(elapsedMs / 1000).toFixed(1)} s)\n`);
    if (passed) return;
    failed.push(check.name);
    process.stdout.write(`${output.trim().replace(/^/gm, "    ")}\n`);
  }),
);

process.stdout.write(failed.length === 0 ? "all checks passed\n" : `failed: ${failed.join(", ")}\n`);
if (failed.length > 0) process.exitCode = 1;

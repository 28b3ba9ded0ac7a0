// Runs one task of this repository on a machine that holds only Node and npm: prepares Node 24 and pnpm 12 if they
// are missing, installs from the lockfile, generates the Prisma client, builds the console, then runs the task with
// Node 24 first on PATH. Plain JavaScript without a dependency, because nothing is installed before it.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const cacheFolder = join(root, "node_modules", ".cache", "tirage");
const toolchainFile = join(cacheFolder, "toolchain.json");
const installStampFile = join(cacheFolder, "installed.sha256");
const nodeMajor = 24;
const pnpmMajor = 12;
const parentPollMs = 500;
const pingTimeoutMs = 10_000;
/** How long a task may take to stop once our parent is gone. */
const orphanGraceMs = 40_000;

const tasks = {
  start: ["packages/local-stack/src/main.ts"],
  test: ["node_modules/vitest/vitest.mjs", "run"],
  "test:faults": ["tests/faults/main.ts"],
  check: ["tools/check.ts"],
  tirage: ["packages/cli/src/main.ts"],
  "pack:client": ["tools/pack-client.ts"],
  screenshots: ["tests/screenshots/main.ts"],
};

/** What is made from sources; each does nothing when it is up to date. */
const builds = [
  ["packages/database/src/generate.ts", "generating the Prisma client"],
  ["apps/console/build.ts", "building the console"],
];

const help = `Usage: npm start | npm test | npm run test:faults | npm run check | npm run --silent tirage  [-- options]

  npm start        the whole system on this machine; npm start -- --help lists its options
  npm test         the test suite; npm test -- <file or name> runs a part of it
  npm run test:faults -- --items 2000 --kills 200 --seed 1
                   processes killed, frozen and wiped at random, and what must be true after it
  npm run check    types, lint, boundaries, unused code
  npm run --silent tirage -- order list
                   the command line; npm run --silent tirage -- --help lists its commands
  npm run pack:client
                   the TypeScript client as a package that other projects can install
  npm run screenshots
                   pictures of the console's pages into docs/images; needs Chromium

Node ${nodeMajor} and pnpm ${pnpmMajor} are fetched from the npm registry when they are missing, once.
`;

const networkFailure =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|dns error|client error \(Connect\))/;

/** A failure that is told in one line. */
class Failure extends Error {}

async function main() {
  const [task, ...parameters] = process.argv.slice(2);
  if (task === "--help" || task === "-h") return void process.stdout.write(help);
  if (!task || !Object.hasOwn(tasks, task)) {
    process.stderr.write(help);
    process.exitCode = 2;
    return;
  }
  const toolchain = await prepare();
  const [program, ...rest] = tasks[task];
  process.exitCode = await runInForeground(toolchain.node, [join(root, program), ...rest, ...parameters], {
    // The command line names files as its caller does, whom npm has moved to the repository.
    cwd: task === "tirage" ? (process.env.INIT_CWD ?? process.cwd()) : root,
    env: { ...environmentOf(toolchain), TIRAGE_BOOTSTRAP: "1" },
  });
}

/** Everything up to date costs three hashes and one look at the Prisma client. */
async function prepare() {
  const stamp = hashInstallInputs();
  const isInstalled = readOptional(installStampFile) === stamp && existsSync(join(root, "node_modules/.modules.yaml"));
  const known = findOwnToolchain(!isInstalled) ?? readCachedToolchain();
  const toolchain = known ?? (await fetchToolchain());
  if (!isInstalled) await install(toolchain, await findNetworkFailure());
  // Also when the noted one is of no use any more, or every run would ask the registry again.
  if (!isInstalled || known === undefined || !existsSync(toolchainFile)) {
    mkdirSync(cacheFolder, { recursive: true });
    writeFileSync(toolchainFile, JSON.stringify(toolchain));
  }
  if (!isInstalled) writeFileSync(installStampFile, stamp);
  for (const [program, what] of builds) {
    const built = await run(toolchain.node, [program], { env: environmentOf(toolchain) });
    if (built.code !== 0) throw new Failure(`${what} failed: ${explain(built.output)}`);
  }
  return toolchain;
}

/** The Node that runs this, when it is new enough; pnpm only matters when something must be installed. */
function findOwnToolchain(needsPnpm) {
  if (Number(process.versions.node.split(".")[0]) < nodeMajor) return undefined;
  if (needsPnpm) {
    const { stdout } = spawnSync("pnpm", ["--version"], { cwd: tmpdir(), encoding: "utf8", timeout: 10_000 });
    if (Number(stdout?.split(".")[0]) !== pnpmMajor) return undefined;
  }
  return { node: process.execPath, folder: dirname(process.execPath) };
}

function readCachedToolchain() {
  try {
    const toolchain = JSON.parse(readFileSync(toolchainFile, "utf8"));
    return existsSync(toolchain.node) && existsSync(join(toolchain.folder, "pnpm")) ? toolchain : undefined;
  } catch {
    return undefined;
  }
}

async function fetchToolchain() {
  say(`preparing Node ${nodeMajor} and pnpm ${pnpmMajor} from the npm registry (once, about 10 s)`);
  const command = ["-y", "-p", `node@${nodeMajor}`, "-p", `pnpm@${pnpmMajor}`, "--", "node", "-p", "process.env.PATH"];
  const { npm_config_local_prefix: _, ...env } = process.env;
  // Outside the repository, or npm would apply the repository's own engines and local programs.
  const asked = await run("npx", command, { cwd: tmpdir(), env: { ...env, npm_config_fetch_retries: "1" } });
  const folder = asked.code === 0 ? lastLine(asked.stdout).split(delimiter)[0] : undefined;
  if (!folder || !existsSync(join(folder, "node"))) {
    const reason = explain(asked.output);
    throw new Failure(
      `Node ${nodeMajor} and pnpm ${pnpmMajor} are needed and could not be fetched: ${reason}; put that right, ` +
        "or install them yourself so that they are on PATH",
    );
  }
  return { node: realpathSync(join(folder, "node")), folder };
}

/**
 * Why npm cannot reach the registry; undefined when it can. pnpm would try every package again and again before it said
 * so; offline it installs what its store has. A registry that only knows no ping is there all the same.
 */
async function findNetworkFailure() {
  const { npm_config_local_prefix: _, ...env } = process.env;
  const limits = { npm_config_fetch_retries: "0", npm_config_fetch_timeout: String(pingTimeoutMs) };
  const asked = await run("npm", ["ping"], { cwd: tmpdir(), env: { ...env, ...limits } });
  return asked.code === 0 ? undefined : networkFailure.exec(asked.output)?.[1];
}

async function install(toolchain, networkProblem) {
  say("installing dependencies from the lockfile");
  const parameters = ["install", "--frozen-lockfile", "--reporter=append-only", "--config.confirmModulesPurge=false"];
  if (networkProblem) parameters.push("--offline");
  const installed = await run("pnpm", parameters, { env: environmentOf(toolchain) });
  if (installed.code === 0) return;
  if (installed.output.includes("ERR_PNPM_OUTDATED_LOCKFILE")) {
    throw new Failure("pnpm-lock.yaml does not match the package.json files: run pnpm install and keep both");
  }
  const output = networkProblem ? `${installed.output}\n${networkProblem}` : installed.output;
  throw new Failure(`the dependencies could not be installed: ${explain(output)}`);
}

/** Of all that decides what is installed: the lockfile, the workspace file and every package.json. */
function hashInstallInputs() {
  const hash = createHash("sha256");
  const files = ["pnpm-lock.yaml", "pnpm-workspace.yaml", "package.json", "tests/package.json", "bench/package.json"];
  for (const group of ["packages", "services", "apps"]) {
    if (!existsSync(join(root, group))) continue;
    for (const name of readdirSync(join(root, group)).sort()) files.push(join(group, name, "package.json"));
  }
  for (const file of files) hash.update(`${file}\n${readOptional(join(root, file)) ?? ""}\n`);
  return hash.digest("hex");
}

function environmentOf({ folder }) {
  const path = [folder, join(root, "node_modules", ".bin"), process.env.PATH ?? ""].join(delimiter);
  return { ...process.env, PATH: path };
}

/** Runs a step quietly; what it printed is shown only when it failed. */
async function run(program, parameters, { cwd = root, env }) {
  let stdout = "";
  let output = "";
  const code = await runInForeground(program, parameters, {
    cwd,
    env,
    onOutput(chunk, isStdout) {
      output += chunk;
      if (isStdout) stdout += chunk;
    },
  });
  return { code, stdout, output };
}

/**
 * Runs a child until it ends and answers its exit code. Signals are passed on. npm does not pass on SIGTERM to what
 * its shell runs: that we are suddenly another process's child is how we learn that it is gone.
 */
function runInForeground(program, parameters, { cwd = root, env, onOutput }) {
  return new Promise((resolve) => {
    const stdio = onOutput ? ["ignore", "pipe", "pipe"] : "inherit";
    const child = spawn(program, parameters, { cwd, env, stdio });
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    const forward = (signal) => child.kill(signal);
    for (const signal of signals) process.on(signal, forward);
    const stopWatching = watchParent(() => {
      child.kill("SIGTERM");
      setTimeout(() => child.kill("SIGKILL"), orphanGraceMs).unref();
    });
    child.stdout?.on("data", (chunk) => onOutput(chunk.toString(), true));
    child.stderr?.on("data", (chunk) => onOutput(chunk.toString(), false));
    const end = (code) => {
      stopWatching();
      for (const signal of signals) process.off(signal, forward);
      resolve(code);
    };
    child.once("error", (error) => {
      if (child.pid !== undefined) return;
      (onOutput ?? say)(`${program} could not be run: ${error.message}`, false);
      end(127);
    });
    // Of a step we also want the last output; of the task nothing but its end.
    child.once(onOutput ? "close" : "exit", (code, signal) => end(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

function watchParent(onGone) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, parentPollMs);
  return () => clearInterval(timer);
}

/** The line of a failed npm or pnpm that says most. */
function explain(output) {
  if (isOutOfSpace(output)) return "no space is left on the disk; all that is fetched takes about 1.2 GB";
  const network = networkFailure.exec(output);
  if (network) return `the npm registry cannot be reached (${network[1]})`;
  const lines = output.split("\n").map((line) => line.replace(/^npm (error|ERR!)\s*/, "").trim());
  return lines.find((line) => /^\[?ERR_|\bE[A-Z]{4,}\b|not found|error/i.test(line)) ?? lastLine(output);
}

function isOutOfSpace(output) {
  return /ENOSPC|no space left/i.test(output);
}

function lastLine(text) {
  return text.trim().split("\n").at(-1) ?? "";
}

function readOptional(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function say(line) {
  process.stderr.write(`tirage: ${line.trim()}\n`);
}

main().catch((error) => {
  say(error instanceof Failure ? error.message : `the preparation failed: ${error?.message ?? error}`);
  process.exitCode = 1;
});

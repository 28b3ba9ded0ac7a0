import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { images } from "./images.ts";
import { fetchedNatsVersion } from "./nats-version.ts";

const run = promisify(execFile);
const connectTimeoutMs = 8_000;
const downloadTimeoutMs = 120_000;
const aptTimeoutMs = 120_000;
const dockerTimeoutMs = 180_000;

export const officialReleaseUrl = "https://github.com/nats-io/nats-server/releases/download";

/** Puts one nats-server program at the path `target`, or throws why it cannot. The signal ends what is under way. */
export type FetchNatsServer = (target: string, signal: AbortSignal) => Promise<void>;

/** The official release archive of this machine's system, checked against the release's SHA256SUMS. */
export function fromRelease(baseUrl: string): FetchNatsServer {
  return async (target, signal) => {
    const architecture = { x64: "amd64", arm64: "arm64", arm: "arm7" }[process.arch as string] ?? process.arch;
    const name = `nats-server-v${fetchedNatsVersion}-${process.platform}-${architecture}`;
    const archiveName = `${name}.tar.gz`;
    const release = `${baseUrl}/v${fetchedNatsVersion}`;
    const sums = (await download(`${release}/SHA256SUMS`, connectTimeoutMs, signal)).toString("utf8");
    const expected = sums
      .split("\n")
      .map((line) => line.trim().split(/\s+\*?/))
      .find(([, file]) => file === archiveName)?.[0];
    if (!expected) throw new Error(`the release has no checksum for ${archiveName}`);
    const archive = await download(`${release}/${archiveName}`, downloadTimeoutMs, signal);
    const actual = createHash("sha256").update(archive).digest("hex");
    if (actual !== expected) throw new Error(`${archiveName} has SHA-256 ${actual}, the release says ${expected}`);
    await inTemporaryFolder(async (folder) => {
      await writeFile(join(folder, archiveName), archive);
      await run("tar", ["-xzf", archiveName], { cwd: folder, timeout: 60_000 });
      await install(join(folder, name, "nats-server"), target);
    });
  };
}

async function download(url: string, timeoutMs: number, signal: AbortSignal): Promise<Buffer> {
  const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

/** Suites that always hold the distribution's newest package, and the key that signs them. */
const newestSuites: Record<string, { suite: string; components: string; keyring: string } | undefined> = {
  debian: { suite: "sid", components: "main", keyring: "debian-archive-keyring.gpg" },
  ubuntu: { suite: "devel", components: "main universe", keyring: "ubuntu-archive-keyring.gpg" },
};

/**
 * The distribution's newest package, downloaded by apt into a private state and unpacked: no root, nothing installed,
 * the machine's own package lists untouched.
 */
export const fromDistribution: FetchNatsServer = async (target, signal) => {
  const release = await readFile("/etc/os-release", "utf8").catch(() => "");
  const distribution = /^ID="?([a-z]+)"?$/m.exec(release)?.[1] ?? "unknown";
  const newest = newestSuites[distribution];
  if (!newest) throw new Error(`${distribution} is neither Debian nor Ubuntu`);
  const format = ["indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"];
  const { stdout } = await run("apt-get", format, { timeout: connectTimeoutMs, signal });
  const mirror = stdout.split("\n").find((line) => line !== "" && !line.includes("security"));
  if (!mirror) throw new Error("apt has no mirror");

  await inTemporaryFolder(async (folder) => {
    await chmod(folder, 0o755); // apt downloads as its own user when we are root
    for (const name of ["lists/partial", "cache/archives/partial"])
      await mkdir(join(folder, name), { recursive: true });
    const source = `deb [signed-by=/usr/share/keyrings/${newest.keyring}] ${mirror} ${newest.suite} ${newest.components}\n`;
    await writeFile(join(folder, "sources.list"), source);
    const options = [
      "-qq",
      ...["-o", `Dir::State::lists=${folder}/lists`, "-o", `Dir::Cache=${folder}/cache`],
      ...["-o", `Dir::Etc::sourcelist=${folder}/sources.list`, "-o", "Dir::Etc::sourceparts=/dev/null"],
      ...["-o", "Acquire::Languages=none", "-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=20"],
    ];
    await run("apt-get", [...options, "update"], { cwd: folder, timeout: aptTimeoutMs, signal });
    await run("apt-get", [...options, "download", "nats-server"], { cwd: folder, timeout: aptTimeoutMs, signal });
    const file = (await readdir(folder)).find((name) => name.endsWith(".deb"));
    if (!file) throw new Error("apt downloaded no package");
    await run("dpkg", ["-x", file, "unpacked"], { cwd: folder, timeout: 60_000 });
    await install(join(folder, "unpacked/usr/sbin/nats-server"), target);
  });
};

/** The program inside the container image, taken out of it: it is static, so it runs on any Linux. */
export const fromDocker: FetchNatsServer = async (target, signal) => {
  if (process.platform !== "linux") throw new Error("the program in the image runs on Linux only");
  const { stdout } = await run("docker", ["create", images.nats], { timeout: dockerTimeoutMs, signal });
  const container = stdout.trim();
  try {
    await inTemporaryFolder(async (folder) => {
      await run("docker", ["cp", `${container}:/usr/local/bin/nats-server`, join(folder, "nats-server")], {
        timeout: 60_000,
      });
      await install(join(folder, "nats-server"), target);
    });
  } finally {
    await run("docker", ["rm", container], { timeout: 30_000 });
  }
};

/** Moved into place when complete, so that two starts at once never see half a program. */
async function install(program: string, target: string): Promise<void> {
  await stat(program);
  const half = `${target}.${process.pid}`;
  await copyFile(program, half);
  await chmod(half, 0o755);
  await rename(half, target);
}

async function inTemporaryFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "tirage-nats-"));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

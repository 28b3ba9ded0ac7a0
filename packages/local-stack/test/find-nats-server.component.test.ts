import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { fromRelease } from "../src/infrastructure/fetch-nats-server.ts";
import { findNatsServer } from "../src/infrastructure/find-nats-server.ts";
import { fetchedNatsVersion } from "../src/infrastructure/nats-version.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";

const fails = (message: string) => async () => {
  throw new Error(message);
};

test("findNatsServer: NATS_SERVER_BIN names one that is new enough, that one is used", async () => {
  await using folder = await createTemporaryFolder();
  const path = await writeServer(folder.path, "2.12.7");

  expect(await findNatsServer({ environment: { NATS_SERVER_BIN: path, PATH: "" } })).toMatchObject({
    path,
    version: "2.12.7",
  });
});

test("findNatsServer: NATS_SERVER_BIN names one that is too old, refused with both versions", async () => {
  await using folder = await createTemporaryFolder();
  const path = await writeServer(folder.path, "2.9.10");

  const find = findNatsServer({ environment: { NATS_SERVER_BIN: path } });

  await expect(find).rejects.toThrow(`NATS_SERVER_BIN=${path} is 2.9.10; Tirage needs 2.12.7 or newer`);
});

test("findNatsServer: NATS_SERVER_BIN names no program, refused", async () => {
  const find = findNatsServer({ environment: { NATS_SERVER_BIN: "/nowhere/nats-server" } });

  await expect(find).rejects.toThrow(/NATS_SERVER_BIN=\/nowhere\/nats-server is not a nats-server/);
});

test("findNatsServer: PATH holds an old one before a new one, the old one is passed over and that is said", async () => {
  await using folder = await createTemporaryFolder();
  const old = await writeServer(join(folder.path, "old"), "2.9.10");
  const path = await writeServer(join(folder.path, "new"), "2.14.0");
  const reports: string[] = [];

  const found = await findNatsServer({
    environment: { PATH: `${folder.path}/old:${folder.path}/new` },
    report: (line) => reports.push(line),
  });

  expect(found).toMatchObject({ path, version: "2.14.0" });
  expect(reports).toEqual([`${old} is 2.9.10, older than 2.12.7: passed over`]);
});

test("findNatsServer: the first way fails, the next one is tried and its server is kept for the next time", async () => {
  await using folder = await createTemporaryFolder();
  let fetches = 0;
  const options = {
    environment: { PATH: "" },
    cacheDirectory: join(folder.path, "cache"),
    ways: [
      { name: "nothing", fetch: fails("no network") },
      {
        name: "a shelf",
        fetch: async (target: string) => {
          fetches += 1;
          await writeProgram(target, fetchedNatsVersion);
        },
      },
    ],
  };

  const first = await findNatsServer(options);
  const second = await findNatsServer(options);

  expect(first.source).toBe("a shelf");
  expect(second).toMatchObject({ path: first.path, source: `cache (${first.path})` });
  expect(fetches).toBe(1);
});

test("findNatsServer: every way fails, one message with each reason and the three ways to get one", async () => {
  await using folder = await createTemporaryFolder();
  const find = findNatsServer({
    environment: { PATH: "" },
    cacheDirectory: folder.path,
    ways: [
      { name: "the first", fetch: fails("no network") },
      { name: "the second", fetch: fails("no engine") },
    ],
  });

  await expect(find).rejects.toThrow(
    /\(the first: no network; the second: no engine\).*on PATH; point NATS_SERVER_BIN.*or set NATS_URL/,
  );
});

test("fromRelease: an archive whose SHA-256 is the listed one, its server is put in place", async () => {
  await using folder = await createTemporaryFolder();
  await using release = await serveRelease(folder.path, { isTampered: false });
  const target = join(folder.path, "nats-server");

  await fromRelease(release.url)(target, AbortSignal.timeout(10_000));

  expect(await readFile(target, "utf8")).toContain(fetchedNatsVersion);
});

test("fromRelease: an archive that was changed, refused and nothing is put in place", async () => {
  await using folder = await createTemporaryFolder();
  await using release = await serveRelease(folder.path, { isTampered: true });
  const target = join(folder.path, "nats-server");

  await expect(fromRelease(release.url)(target, AbortSignal.timeout(10_000))).rejects.toThrow(/has SHA-256/);
  await expect(readFile(target)).rejects.toThrow("ENOENT");
});

async function writeServer(folder: string, version: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, "nats-server");
  await writeProgram(path, version);
  return path;
}

async function writeProgram(path: string, version: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\necho "nats-server: v${version}"\n`);
  await chmod(path, 0o755);
}

/** The official release's layout, with a program that only tells its version. */
async function serveRelease(folder: string, { isTampered }: { isTampered: boolean }) {
  const architecture = { x64: "amd64", arm64: "arm64" }[process.arch as string] ?? process.arch;
  const name = `nats-server-v${fetchedNatsVersion}-${process.platform}-${architecture}`;
  await writeServer(join(folder, name), fetchedNatsVersion);
  await promisify(execFile)("tar", ["-czf", `${name}.tar.gz`, name], { cwd: folder });
  const archive = await readFile(join(folder, `${name}.tar.gz`));
  const sum = createHash("sha256").update(archive).digest("hex");
  const answers: Record<string, Buffer | string> = {
    [`/v${fetchedNatsVersion}/SHA256SUMS`]: `${"0".repeat(64)}  other.tar.gz\n${sum}  ${name}.tar.gz\n`,
    [`/v${fetchedNatsVersion}/${name}.tar.gz`]: isTampered ? Buffer.concat([archive, Buffer.from("x")]) : archive,
  };
  const server = createServer((request, response) => {
    const answer = answers[request.url ?? ""];
    response.statusCode = answer ? 200 : 404;
    response.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * Packs `@tirage/client` as a registry would serve it, so that a project outside of this repository can install it:
 * `node tools/pack-client.ts [folder]`, into the root of the repository when no folder is named.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const client = join(root, "packages/client");
const destination = resolve(process.argv[2] ?? root);
const timeoutMs = 120_000;

const run = (command: string, parameters: readonly string[], cwd: string): string =>
  execFileSync(command, parameters, { cwd, encoding: "utf8", timeout: timeoutMs, shell: process.platform === "win32" });

/** Compiles and packs it; answers the path of the archive. */
function packClient(): string {
  rmSync(join(client, "dist"), { recursive: true, force: true });
  run(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], client);
  const staged = mkdtempSync(join(tmpdir(), "tirage-client-"));
  try {
    for (const part of ["dist", "README.md"]) cpSync(join(client, part), join(staged, part), { recursive: true });
    cpSync(join(root, "LICENSE"), join(staged, "LICENSE"));
    writeFileSync(join(staged, "package.json"), JSON.stringify(readManifest(), undefined, 2));
    const [packed] = JSON.parse(run("npm", ["pack", "--json", "--pack-destination", destination], staged));
    return join(destination, packed.filename);
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
}

/** The manifest as pnpm would publish it: what is compiled takes the place of the sources. */
function readManifest(): object {
  const { publishConfig, scripts, devDependencies, ...manifest } = JSON.parse(
    readFileSync(join(client, "package.json"), "utf8"),
  );
  return { ...manifest, ...publishConfig };
}

process.stdout.write(`in your project: npm install ${packClient()}\n`);

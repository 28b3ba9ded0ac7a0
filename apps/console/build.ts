/** Builds the console into `dist`, unless what lies there was built from the same sources: `node apps/console/build.ts`. */
import { createHash } from "node:crypto";
import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL(".", import.meta.url));
const distFolder = join(folder, "dist");
const stampName = ".sources.sha256";
/** All that decides what is built; the lockfile stands for the libraries. */
const inputs = [
  "src",
  "public",
  "index.html",
  "package.json",
  "vite.config.ts",
  "lean-zod.ts",
  "build.ts",
  "../../packages/contracts/src",
  "../../packages/client/src",
  "../../pnpm-lock.yaml",
];

async function buildConsole(): Promise<void> {
  const hash = await hashInputs();
  const built = await readFile(join(distFolder, stampName), "utf8").catch(() => "");
  if (built === hash) return;
  // Vite builds for whatever this says, and under a test it says `test`.
  process.env.NODE_ENV = "production";
  const { build } = await import("vite");
  const nextFolder = join(folder, `dist.next.${process.pid}`);
  try {
    await build({ root: folder, logLevel: "warn", build: { outDir: nextFolder } });
    await writeFile(join(nextFolder, stampName), hash);
    await replaceDist(nextFolder);
  } finally {
    await rm(nextFolder, { recursive: true, force: true });
  }
}

/** Whoever serves `dist` meanwhile finds the old files or the new ones; of two that build at once one gives way. */
async function replaceDist(nextFolder: string): Promise<void> {
  const oldFolder = join(folder, `dist.old.${process.pid}`);
  await rename(distFolder, oldFolder).catch((error) => {
    if (error.code !== "ENOENT") throw error;
  });
  await rename(nextFolder, distFolder).catch((error) => {
    if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
  });
  await rm(oldFolder, { recursive: true, force: true });
}

async function hashInputs(): Promise<string> {
  const hash = createHash("sha256");
  for (const input of inputs) {
    for (const file of await listFiles(join(folder, input))) hash.update(`${file}\n`).update(await readFile(file));
  }
  return hash.digest("hex");
}

/** The file itself, or all files below a folder; tests build nothing. */
async function listFiles(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (!entries) return [path];
  const files = entries.filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name));
  return files.map((entry) => join(entry.parentPath, entry.name)).sort();
}

await buildConsole();

/** Fails when an import points the wrong way: `node tools/check-boundaries.ts`. The rules: boundaries/rules.ts. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findViolations } from "./boundaries/rules.ts";
import { readSourceFile } from "./boundaries/source-file.ts";
import type { Violation } from "./boundaries/violation.ts";

const sourceFolders = ["packages", "services", "apps", "tests", "bench", "tools"];
const skippedFolders = new Set(["node_modules", "generated", "dist", ".tirage"]);

/** Reads every TypeScript and JavaScript file of the repository at `root` and applies the rules. */
export async function checkBoundaries(root: string): Promise<{ filesRead: number; violations: Violation[] }> {
  const paths = (await Promise.all(sourceFolders.map((folder) => listSources(root, folder)))).flat().sort();
  const files = await Promise.all(
    paths.map(async (path) => readSourceFile(path, await readFile(join(root, path), "utf8"))),
  );
  return { filesRead: files.length, violations: findViolations(files) };
}

async function listSources(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const nested = entries.map(async (entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return skippedFolders.has(entry.name) ? [] : listSources(root, path);
    return /\.(ts|tsx|mts|mjs|js)$/.test(entry.name) ? [path] : [];
  });
  return (await Promise.all(nested)).flat();
}

if (import.meta.main) {
  const { filesRead, violations } = await checkBoundaries(fileURLToPath(new URL("..", import.meta.url)));
  for (const { file, line, rule, reason } of violations) {
    process.stdout.write(`${file}:${line}  ${rule}\n    ${reason}\n`);
  }
  process.stdout.write(`${filesRead} files read, ${violations.length} imports and lines against the rules\n`);
  // A check that reads nothing would pass for ever.
  if (violations.length > 0 || filesRead === 0) process.exitCode = 1;
}

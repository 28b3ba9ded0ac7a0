import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** What the schema engine takes as its `migrationsList`. */
export type Migrations = Awaited<ReturnType<typeof readMigrations>>;

/** The migrations as Prisma's schema engine takes them: a folder each, in the order of their names. */
export async function readMigrations({ through }: { through?: string | undefined } = {}) {
  const baseDir = fileURLToPath(new URL("../prisma/migrations", import.meta.url));
  const entries = await readdir(baseDir, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  const last = through === undefined ? names.length - 1 : names.indexOf(through);
  if (last < 0) throw new Error(`there is no migration ${through ?? ""} in ${baseDir}`);
  return {
    baseDir,
    lockfile: { path: "migration_lock.toml", content: await readFile(`${baseDir}/migration_lock.toml`, "utf8") },
    shadowDbInitScript: "",
    migrationDirectories: await Promise.all(names.slice(0, last + 1).map((name) => readMigration(baseDir, name))),
  };
}

async function readMigration(baseDir: string, name: string) {
  const value = await readFile(`${baseDir}/${name}/migration.sql`, "utf8");
  return { path: name, migrationFile: { path: "migration.sql", content: { tag: "ok" as const, value } } };
}

/** The text of prisma/schema.prisma. */
export function readSchema(): Promise<string> {
  return readFile(new URL("../prisma/schema.prisma", import.meta.url), "utf8");
}

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";

const packageFile = z.object({ name: z.string(), version: z.string().default("0.0.0") });

/** Name, without its scope, and version of the package that holds the file; `unknown` when there is none. */
export function readServicePackage(file: string | undefined): { name: string; version: string } {
  for (let folder = dirname(file ?? "/"); folder !== dirname(folder); folder = dirname(folder)) {
    const { data } = packageFile.safeParse(readJson(join(folder, "package.json")));
    if (data) return { name: data.name.replace(/^@[^/]+\//, ""), version: data.version };
  }
  return { name: "unknown", version: "0.0.0" };
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

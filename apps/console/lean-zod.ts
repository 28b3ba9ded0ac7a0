/** What zod can do and the console never asks of it stays out of its scripts: 14 kB, gzipped; see docs/decisions/2026-11-24-lean-zod.md. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

/** All that makes or asks a schema. */
const sources = ["src", "../../packages/contracts/src"];
const folder = fileURLToPath(new URL(".", import.meta.url));

/**
 * Schemas of zod carry every method there is, and with them all that the methods stand on, so that no bundler finds it
 * unused. Here only those stay that some source names; another would be told as "is not a function".
 */
export function leanZod(): Plugin {
  return {
    name: "lean-zod",
    enforce: "pre",
    async load(id) {
      if (/\/zod\/v4\/core\/(to-json-schema|json-schema-processors)\.js$/.test(id)) return withoutJsonSchema(id);
      if (/\/zod\/v4\/classic\/schemas\.js$/.test(id)) {
        return withoutDefaults(withoutMethods(await readFile(id, "utf8"), await readNames()));
      }
      return undefined;
    },
  };
}

/** Only the API describes its schemas as JSON Schema: here whatever would do it throws. */
async function withoutJsonSchema(id: string): Promise<string> {
  const exported = (await readFile(id, "utf8")).matchAll(/^export (?:(?:const|function) (\w+)|\{ \w+ as (\w+) \})/gm);
  const stubs = Array.from(exported, ([, name, alias]) => `export const ${name ?? alias} = () => absent;`);
  return ['const absent = () => { throw new Error("the console has no JSON Schema"); };', ...stubs].join("\n");
}

/** Those are taken out that are written `name(…) { return …; }` and that zod itself does not call either. */
function withoutMethods(code: string, named: ReadonlySet<string>): string {
  const own = new Set(Array.from(code.matchAll(/this\.(\w+)\(/g), ([, name]) => name));
  const method = /^ {4}(?:async )?(\w+)(?:: (?:async )?function \w+)?\([^)]*\) \{\n {8}return [^\n]+\n {4}\},\n/gm;
  return changed(code, method, (all, name) => (named.has(name) || own.has(name) ? all : ""));
}

/**
 * Compiling schemas is against the Content-Security-Policy; what is parsed holds no reference to itself; and faults are put
 * into words by `describeFault`, from "Invalid input".
 */
function withoutDefaults(code: string): string {
  const uncompiled = changed(code, /core\.\$ZodObjectJIT/g, () => "core.$ZodObject");
  return changed(uncompiled, /^ *_ensureDefault(?:Memoizer|Locale)\(\);\n/gm, () => "");
}

/** Another zod may be written otherwise, and would come whole without a word. */
function changed(code: string, pattern: RegExp, replace: (all: string, name: string) => string): string {
  const result = code.replace(pattern, replace);
  if (result === code) throw new Error(`nothing in zod's schemas matches ${pattern}`);
  return result;
}

/** Of every member that the sources name, called there or handed on. */
async function readNames(): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (const source of sources) {
    for (const entry of await readdir(join(folder, source), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/(?<!\.test)\.tsx?$/.test(entry.name)) continue;
      const code = await readFile(join(entry.parentPath, entry.name), "utf8");
      for (const [, name] of code.matchAll(/\.(\w+)/g)) if (name) names.add(name);
    }
  }
  return names;
}

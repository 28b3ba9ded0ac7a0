import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { PrismaPg } from "@prisma/adapter-pg";
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlMigrationAwareDriverAdapterFactory,
} from "@prisma/driver-adapter-utils";
import type { SchemaEngine } from "@prisma/schema-engine-wasm/schema_engine_bg";
import type pg from "pg";

/** Runs the SQL of one migration, many statements in one text. */
export type RunScript = (script: string) => Promise<void>;

const engineModule = "@prisma/schema-engine-wasm/schema_engine_bg";
let loaded: Promise<typeof import("@prisma/schema-engine-wasm/schema_engine_bg")> | undefined;

/**
 * Prisma's schema engine, as WebAssembly from the npm registry (nothing is downloaded at run time), working through `pool`
 * and handing the SQL of each migration to `runScript`. Dispose it after use; the pool stays the caller's.
 */
export async function createSchemaEngine(pool: pg.Pool, schema: string, runScript: RunScript): Promise<SchemaEngine> {
  loaded ??= loadEngineModule();
  const { SchemaEngine } = await loaded;
  return SchemaEngine.new(
    { datamodels: [["schema.prisma", schema]] },
    () => {},
    bindMigrationAwareSqlAdapterFactory(createAdapterFactory(pool, runScript)),
  );
}

/** What the package's own entry does, which expects a bundler to load the .wasm file. */
async function loadEngineModule() {
  const module = await import(engineModule);
  const path = createRequire(import.meta.url)
    .resolve(engineModule)
    .replace(/\.js$/, ".wasm");
  const { instance } = await WebAssembly.instantiate(await readFile(path), {
    "./schema_engine_bg.js": unrefTimers(module),
  });
  module.__wbg_set_wasm(instance.exports);
  const start = instance.exports.__wbindgen_start;
  if (typeof start === "function") start();
  return module;
}

/** The engine leaves a timer of 10 s behind, which would keep the process from ending. */
function unrefTimers(imports: WebAssembly.ModuleImports): WebAssembly.ModuleImports {
  const entries = Object.entries(imports).map(([name, value]) => {
    if (!name.startsWith("__wbg_setTimeout") || typeof value !== "function") return [name, value];
    return [name, (...inputs: unknown[]) => value(...inputs).unref()];
  });
  return Object.fromEntries(entries);
}

/** Prisma's own adapter would cut a script at every semicolon, also within a string or a comment. */
function createAdapterFactory(pool: pg.Pool, runScript: RunScript): SqlMigrationAwareDriverAdapterFactory {
  const factory = new PrismaPg(pool);
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connectToShadowDb: () => factory.connectToShadowDb(),
    async connect() {
      const adapter = await factory.connect();
      return Object.assign(adapter, { executeScript: runScript });
    },
  };
}

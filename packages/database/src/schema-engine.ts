import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { PrismaPg } from "@prisma/adapter-pg";
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlMigrationAwareDriverAdapterFactory,
} from "@prisma/driver-adapter-utils";
import type { SchemaEngine } from "@prisma/schema-engine-wasm/schema_engine_bg";
import type pg from "pg";

const engineModule = "@prisma/schema-engine-wasm/schema_engine_bg";
let loaded: Promise<typeof import("@prisma/schema-engine-wasm/schema_engine_bg")> | undefined;

/**
 * Prisma's schema engine, as WebAssembly from the npm registry (nothing is downloaded at run time), working through `pool`.
 * Free it after use; the pool stays the caller's.
 */
export async function createSchemaEngine(pool: pg.Pool, schema: string): Promise<SchemaEngine> {
  loaded ??= loadEngineModule();
  const { SchemaEngine } = await loaded;
  return SchemaEngine.new(
    { datamodels: [["schema.prisma", schema]] },
    () => {},
    bindMigrationAwareSqlAdapterFactory(createAdapterFactory(pool)),
  );
}

/** What the package's own entry does, which expects a bundler to load the .wasm file. */
async function loadEngineModule() {
  const module = await import(engineModule);
  const path = createRequire(import.meta.url)
    .resolve(engineModule)
    .replace(/\.js$/, ".wasm");
  const { instance } = await WebAssembly.instantiate(await readFile(path), { "./schema_engine_bg.js": module });
  module.__wbg_set_wasm(instance.exports);
  const start = instance.exports.__wbindgen_start;
  if (typeof start === "function") start();
  return module;
}

function createAdapterFactory(pool: pg.Pool): SqlMigrationAwareDriverAdapterFactory {
  const factory = new PrismaPg(pool);
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connectToShadowDb: () => factory.connectToShadowDb(),
    async connect() {
      const adapter = await factory.connect();
      return Object.assign(adapter, {
        // Prisma's adapter cuts a script at every semicolon, also within a string or a comment. Postgres takes it whole.
        async executeScript(script: string) {
          await pool.query(script);
        },
      });
    },
  };
}

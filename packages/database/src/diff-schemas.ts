import pg from "pg";
import { createSchemaEngine } from "./schema-engine.ts";

export interface SchemasToDiff {
  /** Any reachable database: the engine asks it for its version and touches nothing. */
  databaseUrl: string;
  /** Text of the older schema.prisma; an empty database when left out. */
  from?: string;
  /** Text of the newer schema.prisma. */
  to: string;
}

/**
 * The SQL that turns a database of the older schema into one of the newer.
 *
 * It knows nothing of what only the migrations say: checks, partial indexes, storage settings, what old rows become.
 */
export async function diffSchemas({ databaseUrl, from, to }: SchemasToDiff): Promise<string> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1, connectionTimeoutMillis: 5_000 });
  try {
    await pool.query("select 1"); // whatever is wrong with the connection, pg says it better than the engine
    using engine = await createSchemaEngine(pool, to, () => Promise.reject(new Error("a diff runs nothing")));
    const { stdout } = await engine.diff({
      from: from === undefined ? { tag: "empty" } : readDatamodel(from),
      to: readDatamodel(to),
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    return stdout ?? "";
  } finally {
    await pool.end();
  }
}

function readDatamodel(content: string) {
  return { tag: "schemaDatamodel" as const, files: [{ path: "schema.prisma", content }] };
}

// For tests and tools: what the schema says, without a client of it.
export { diffSchemas, type SchemasToDiff } from "./diff-schemas.ts";
export { readSchema } from "./read-migrations.ts";

import type { createPool } from "@tirage/database";

type Pool = ReturnType<typeof createPool>;

/** What schema.prisma can say of a database: columns, keys, and the indexes that are not partial. */
export async function readCatalogue(pool: Pool) {
  return {
    columns: await readRows(
      pool,
      `select table_name, column_name, data_type, datetime_precision, is_nullable, column_default
       from information_schema.columns where table_schema = 'public' and table_name <> '_prisma_migrations'
       order by table_name, column_name`,
    ),
    keys: await readRows(
      pool,
      `select conrelid::regclass::text as table_name, conname, pg_get_constraintdef(oid) as definition
       from pg_constraint where connamespace = 'public'::regnamespace and contype in ('p', 'f')
         and conrelid::regclass::text <> '_prisma_migrations' order by 1, 2`,
    ),
    indexes: await readRows(
      pool,
      `select indexname, indexdef from pg_indexes
       where schemaname = 'public' and tablename <> '_prisma_migrations' and indexdef not like '% WHERE %' order by 1`,
    ),
  };
}

async function readRows(pool: Pool, sql: string): Promise<unknown[]> {
  const { rows } = await pool.query(sql);
  return rows;
}

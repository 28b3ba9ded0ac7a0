import type pg from "pg";
import type { ReadPause } from "../ports.ts";

const text = "SELECT 1 FROM provider_pauses WHERE provider = $1";

export function createPauseReader({ pool }: { readonly pool: pg.Pool }): ReadPause {
  return async (provider) => {
    const { rowCount } = await pool.query({ name: "read-pause", text, values: [provider] });
    return rowCount === 1;
  };
}

import type pg from "pg";

const text = "SELECT 1 FROM provider_pauses WHERE provider = $1";

/** Whether a person paused the provider, by the row that is the truth of it. */
export type ReadPause = (provider: string) => Promise<boolean>;

export function createPauseReader({ pool }: { readonly pool: pg.Pool }): ReadPause {
  return async (provider) => {
    const { rowCount } = await pool.query({ name: "read-pause", text, values: [provider] });
    return rowCount === 1;
  };
}

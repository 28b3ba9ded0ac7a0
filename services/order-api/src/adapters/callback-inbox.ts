import type pg from "pg";
import type { CallbackInbox } from "../ports.ts";

/** Callbacks as rows that the generator looks up by nonce: taking one needs no worker. The first of a nonce stays. */
export function createCallbackInbox({ pool }: { readonly pool: pg.Pool }): CallbackInbox {
  return {
    async record({ nonce, provider, requestId }) {
      await pool.query({
        name: "record-provider-callback",
        text: `INSERT INTO provider_callbacks (nonce, provider, request_id) VALUES ($1, $2, $3)
               ON CONFLICT (nonce) DO NOTHING`,
        values: [nonce, provider, requestId],
      });
    },
  };
}

/**
 * As what a dead letter is replayed, decided once for all replicas: unedited, or with one corrected payload. The row is
 * written before anything is published, so that it also holds after a crash; repeating the same replay is harmless.
 */
import { createHash, randomUUID } from "node:crypto";
import type { DeadLetterView, Message } from "@tirage/contracts";
import { DeadLetterError } from "@tirage/messaging";
import type pg from "pg";

/** Sequences begin anew in a stream that was lost; the time does not. An attempt beside another is not its sole one. */
const chooseText = `
INSERT INTO dead_letter_replays AS chosen (dead_at, sequence, form, sole_attempt_id) VALUES ($1, $2, $3, $4)
ON CONFLICT (dead_at, sequence) DO UPDATE SET sole_attempt_id = NULL WHERE chosen.form = EXCLUDED.form`;
const releaseText =
  "DELETE FROM dead_letter_replays WHERE dead_at = $1 AND sequence = $2 AND form = $3 AND sole_attempt_id = $4";

const formOf = (corrected: Message | undefined): string =>
  corrected ? createHash("sha256").update(JSON.stringify(corrected.payload)).digest("hex") : "unedited";

/**
 * Publishes unless the letter was, or may have been, published as something else: false then. A refusal leaves the choice
 * open again when nothing else was attempted under it; what failed without an answer may have been published.
 * @throws what `publish` throws
 */
export async function replayAsChosen(
  pool: pg.Pool,
  { id, deadAt, corrected }: Pick<DeadLetterView, "id" | "deadAt"> & { readonly corrected: Message | undefined },
  publish: () => Promise<void>,
): Promise<boolean> {
  const choice = [deadAt, id, formOf(corrected), randomUUID()];
  const { rowCount } = await pool.query({ name: "choose-replay", text: chooseText, values: choice });
  if (rowCount === 0) return false;
  try {
    await publish();
  } catch (error) {
    if (error instanceof DeadLetterError && error.code === "not_replayable") await pool.query(releaseText, choice);
    throw error;
  }
  return true;
}

/** Which failpoints struck, from the logs of the processes that they struck. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Probabilities are small: a busy process passes each place hundreds of times. */
export const defaultFailpoints = [
  "before_claim=kill@0.003",
  "after_claim=kill@0.003",
  "before_submit=kill@0.003",
  "after_accept=kill@0.003",
  "after_checkpoint=kill@0.003",
  "after_store=kill@0.003",
  "after_finish=kill@0.003",
  "mid_fan_out=kill@0.003",
  "after_work_before_entry=kill@0.02",
  "before_commit=kill@0.01",
  "after_commit=kill@0.01",
  "before_insert=kill@0.02",
  "after_insert=kill@0.02",
  "after_publish_before_mark=kill@0.01",
].join(",");

/** How often each failpoint struck. */
export async function countFailpoints(logsFolder: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const file of await readdir(logsFolder)) {
    const log = await readFile(join(logsFolder, file), "utf8");
    for (const [, name = ""] of log.matchAll(/"failpoint":"([a-z_]+)"/g)) counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

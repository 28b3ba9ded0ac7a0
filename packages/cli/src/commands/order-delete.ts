import type { Command } from "commander";
import { explainFailure } from "../explain-failure.ts";
import { SaidAlready, UsageError } from "../failures.ts";
import { countOf } from "../output/units.ts";
import type { OpenSession, Session } from "../session.ts";
import { addExamples } from "./examples.ts";

export function addOrderDelete(order: Command, open: OpenSession): void {
  const command = order
    .command("delete <order...>")
    .description("remove ended orders and their images for good")
    .option("--yes", "do not ask first");
  addExamples(command, [
    ["tirage order delete 0192c0de-0000-7000-8000-000000000000", "asks first"],
    [
      "tirage order list --status failed --json | jq -r .id | xargs tirage order delete --yes",
      "everything that failed lately, without a question",
    ],
  ]);
  command.action(async (ids: string[], flags: { yes?: boolean }) => {
    const session = open();
    if (!flags.yes) await confirmDelete(session, ids);
    await deleteEach(session, [...new Set(ids)]);
  });
}

async function confirmDelete({ ask, canAsk }: Session, ids: readonly string[]): Promise<void> {
  if (!canAsk) throw new UsageError("nobody is there to confirm it: add --yes");
  const question = `Delete ${countOf(ids.length, "order")} with all images? It cannot be undone.`;
  if (!(await ask.confirm(question))) throw new UsageError("nothing was deleted");
}

/** One that cannot be deleted is told, and keeps no other from being. */
async function deleteEach({ client, output, signal, apiUrl }: Session, ids: readonly string[]): Promise<void> {
  let refused = 0;
  for (const id of ids) {
    try {
      await client.orders.delete(id, { signal });
      output.result({ id, action: "deleted" }, `${id}  deleted`);
    } catch (error) {
      signal.throwIfAborted();
      const { message, advice } = explainFailure(error, apiUrl);
      if (advice !== undefined) throw error;
      output.warn(`order ${id}: ${message}`);
      refused += 1;
    }
  }
  if (refused > 0) throw new SaidAlready();
}

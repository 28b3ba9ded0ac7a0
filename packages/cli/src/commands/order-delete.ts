import type { Command } from "commander";
import { SaidAlready, UsageError } from "../failures.ts";
import { countOf } from "../output/units.ts";
import type { OpenSession, Session } from "../session.ts";
import { addExamples } from "./examples.ts";
import { forEachOrder } from "./for-each-order.ts";

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
    const { client, output, signal } = session;
    if (!flags.yes) await confirmDelete(session, new Set(ids).size);
    const refused = await forEachOrder(session, ids, async (id) => {
      await client.orders.delete(id, { signal });
      output.result({ id, action: "deleted" }, `${id}  deleted`);
    });
    if (refused > 0) throw new SaidAlready();
  });
}

async function confirmDelete({ ask, canAsk }: Session, count: number): Promise<void> {
  if (!canAsk) throw new UsageError("nobody is there to confirm it: add --yes");
  const question = `Delete ${countOf(count, "order")} with all images? It cannot be undone.`;
  if (!(await ask.confirm(question))) throw new UsageError("nothing was deleted");
}

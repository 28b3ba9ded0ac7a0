import type { Command } from "commander";
import type { OpenSession } from "../session.ts";
import { addOrderCancel, addOrderRetry } from "./order-change.ts";
import { addOrderCreate } from "./order-create.ts";
import { addOrderDelete } from "./order-delete.ts";
import { addOrderGet } from "./order-get.ts";
import { addOrderList } from "./order-list.ts";
import { addOrderWatch } from "./order-watch.ts";

export function addOrder(program: Command, open: OpenSession): void {
  const order = program.command("order").alias("orders").description("place orders, follow them, change them");
  addOrderCreate(order, open);
  addOrderGet(order, open);
  addOrderList(order, open);
  addOrderWatch(order, open);
  addOrderCancel(order, open);
  addOrderRetry(order, open);
  addOrderDelete(order, open);
}

import type { OrdersEvent } from "@tirage/client";
import { noteError } from "./access-key.ts";
import { client } from "./client.ts";
import { noteLoss } from "./note-loss.ts";
import type { FeedState } from "./use-order-feed.ts";

/** A feed that gave up begins anew. */
const restartMs = 5_000;

/** The products are read where they are shown. */
type ListEvent = Exclude<OrdersEvent, { readonly type: "product" }>;

/** Tells of every order that changes, the newest ones first, and of each that is deleted, until the signal ends it. */
export async function followAll(
  signal: AbortSignal,
  onEvent: (event: ListEvent) => void,
  onState: (state: FeedState) => void = () => undefined,
): Promise<void> {
  const onConnection = (connection: "open" | "lost") => {
    if (connection === "lost") noteLoss();
    if (!signal.aborted) onState(connection === "open" ? "live" : "reconnecting");
  };
  try {
    for await (const event of client.events({ products: false, signal, onConnection })) {
      if (event.type !== "product") onEvent(event);
    }
  } catch (error) {
    if (signal.aborted) return;
    noteError(error);
    onState("reconnecting");
    setTimeout(() => !signal.aborted && void followAll(signal, onEvent, onState), restartMs);
  }
}

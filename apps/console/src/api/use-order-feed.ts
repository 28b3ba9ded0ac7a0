import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import type { Product } from "@tirage/client";
import { useEffect, useRef, useState } from "react";
import { noteError } from "./access-key.ts";
import { client } from "./client.ts";
import { noteLoss } from "./note-loss.ts";
import { itemsKey, keepProducts, orderKey } from "./orders.ts";
import { throttle } from "./throttle.ts";

/** Whether changes are told as they happen. `off`: there is nothing to follow. */
export type FeedState = "off" | "connecting" | "live" | "reconnecting";

/** An order of many items changes often; they are read no more often than this. */
const itemsEveryMs = 500;
/** A feed begins with all products, which may be thousands: they are put into the list together. */
const productsEveryMs = 60;
/** A feed that gave up begins anew. */
const restartMs = 5_000;

/**
 * Puts the order's events into the cache once it is enabled, up to the order's end: that it has ended is told before the
 * last of its products may be. Answers how the connection is.
 */
export function useOrderFeed(id: string, isEnabled: boolean): FeedState {
  const queryClient = useQueryClient();
  const [state, setState] = useState<FeedState>("off");
  const running = useRef<AbortController>(undefined);
  useEffect(() => {
    // Also enabled anew while it still reads what the end of its last run brought: from when that is over.
    if (!isEnabled || running.current || state !== "off") return;
    const ending = new AbortController();
    running.current = ending;
    setState("connecting");
    void follow(queryClient, id, ending.signal, (next) => {
      if (next === "off") running.current = undefined;
      setState(next);
    });
  }, [queryClient, id, isEnabled, state]);
  useEffect(
    () => () => {
      running.current?.abort();
      running.current = undefined;
      // A page that is hidden keeps its state, and follows anew once it is shown.
      setState("off");
    },
    [],
  );
  return state;
}

async function follow(
  queryClient: QueryClient,
  id: string,
  signal: AbortSignal,
  onState: (state: FeedState) => void,
): Promise<void> {
  const readItemsSoon = throttle(itemsEveryMs, () =>
    queryClient.invalidateQueries({ queryKey: itemsKey(id) }, { cancelRefetch: false }),
  );
  let landed: Product[] = [];
  const keepProductsSoon = throttle(productsEveryMs, () => {
    const told = landed;
    landed = [];
    keepProducts(queryClient, id, told);
  });
  const onConnection = (connection: "open" | "lost") => {
    if (connection === "lost") noteLoss();
    if (!signal.aborted) onState(connection === "open" ? "live" : "reconnecting");
  };
  try {
    for await (const event of client.orders.events(id, { signal, onConnection })) {
      if (event.type === "deleted") break;
      if (event.type !== "product") queryClient.setQueryData(orderKey(id), event.order);
      else {
        landed.push(event.product);
        keepProductsSoon();
      }
      readItemsSoon();
    }
    // What the last event changed of items and ledger is read once more.
    await queryClient.invalidateQueries({ queryKey: orderKey(id) });
    if (!signal.aborted) onState("off");
  } catch (error) {
    if (signal.aborted) return;
    noteError(error);
    onState("reconnecting");
    setTimeout(() => !signal.aborted && void follow(queryClient, id, signal, onState), restartMs);
  }
}

import { useQueryClient } from "@tanstack/react-query";
import type { Order } from "@tirage/client";
import { useEffect, useState } from "react";
import { client } from "../../api/client.ts";
import { noteLoss } from "../../api/note-loss.ts";
import { noteFailure } from "../../api/reachability.ts";
import type { FeedState } from "../../api/use-order-feed.ts";
import { ordersQuery } from "./orders-query.ts";
import { hasOutgrown, placeOrder } from "./place-order.ts";
import type { OrdersSearch } from "./search.ts";

/** A feed that gave up begins anew. */
const restartMs = 5_000;

/**
 * Puts every change of an order into the list, as long as the page is shown. It begins when the list has been read: a feed
 * tells the newest orders first, so that nothing is missed in between.
 */
export function useOrdersFeed(filter: OrdersSearch, isListed: boolean): FeedState {
  const queryClient = useQueryClient();
  const [state, setState] = useState<FeedState>("connecting");
  const { status, model } = filter;
  useEffect(() => {
    setState("connecting");
    if (!isListed) return;
    const ending = new AbortController();
    const { signal } = ending;
    const { queryKey } = ordersQuery({ status, model });
    const keep = (order: Order) => {
      const placed = queryClient.setQueryData(
        queryKey,
        (pages) => pages && { ...pages, ...placeOrder(pages, order, { status, model }) },
      );
      if (placed && hasOutgrown(placed)) void queryClient.invalidateQueries({ queryKey }, { cancelRefetch: false });
    };
    const follow = async (): Promise<void> => {
      const onConnection = (connection: "open" | "lost") => {
        if (connection === "lost") noteLoss();
        if (!signal.aborted) setState(connection === "open" ? "live" : "reconnecting");
      };
      try {
        for await (const event of client.events({ signal, onConnection })) {
          if (event.type === "order") keep(event.order);
        }
      } catch (error) {
        if (signal.aborted) return;
        noteFailure(error);
        setState("reconnecting");
        setTimeout(() => !signal.aborted && void follow(), restartMs);
      }
    };
    void follow();
    return () => ending.abort();
  }, [queryClient, status, model, isListed]);
  return state;
}

import { useQueryClient } from "@tanstack/react-query";
import type { Order } from "@tirage/client";
import { useEffect, useState } from "react";
import { dropOrder } from "../../api/deleted-orders.ts";
import { followAll } from "../../api/follow-all.ts";
import type { FeedState } from "../../api/use-order-feed.ts";
import { ordersQuery } from "./orders-query.ts";
import { hasOutgrown, placeOrder } from "./place-order.ts";
import type { OrdersSearch } from "./search.ts";

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
    void followAll(
      signal,
      (event) => (event.type === "deleted" ? dropOrder(queryClient, event.deletion.id) : keep(event.order)),
      setState,
    );
    return () => ending.abort();
  }, [queryClient, status, model, isListed]);
  return state;
}

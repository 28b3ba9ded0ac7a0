import { type InfiniteData, useQueryClient } from "@tanstack/react-query";
import type { Order, Page } from "@tirage/client";
import { useEffect, useState } from "react";
import { client } from "../../api/client.ts";
import { noteFailure } from "../../api/reachability.ts";
import type { FeedState } from "../../api/use-order-feed.ts";
import { ordersKey } from "./orders-query.ts";
import { type OrderPages, placeOrder } from "./place-order.ts";
import type { OrdersSearch } from "./search.ts";

/** A feed that gave up begins anew. */
const restartMs = 5_000;

/** Puts every change of an order into the list, as long as the page is shown. */
export function useOrdersFeed(filter: OrdersSearch): FeedState {
  const queryClient = useQueryClient();
  const [state, setState] = useState<FeedState>("connecting");
  const { status, model } = filter;
  useEffect(() => {
    const ending = new AbortController();
    const { signal } = ending;
    const keep = (order: Order) =>
      queryClient.setQueryData<InfiniteData<Page<Order>>>(ordersKey({ status, model }), (pages) =>
        pages ? { ...pages, ...placeOrder(pages as OrderPages, order, { status, model }) } : pages,
      );
    const follow = async (): Promise<void> => {
      const onConnection = (connection: "open" | "lost") => {
        if (connection === "lost") void client.service.ready({ timeoutMs: 3_000 }).catch(noteFailure);
        if (!signal.aborted) setState(connection === "open" ? "live" : "reconnecting");
      };
      try {
        for await (const order of client.events({ signal, onConnection })) keep(order);
      } catch (error) {
        if (signal.aborted) return;
        noteFailure(error);
        setState("reconnecting");
        setTimeout(() => !signal.aborted && void follow(), restartMs);
      }
    };
    void follow();
    return () => ending.abort();
  }, [queryClient, status, model]);
  return state;
}

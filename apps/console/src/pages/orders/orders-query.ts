import { infiniteQueryOptions } from "@tanstack/react-query";
import { client } from "../../api/client.ts";
import type { OrdersSearch } from "./search.ts";

const ordersAtOnce = 20;

export const ordersKey = ({ status, model }: OrdersSearch) => ["orders", status ?? "", model ?? ""] as const;

/** The list, page after page, newest first. */
export const ordersQuery = (filter: OrdersSearch) =>
  infiniteQueryOptions({
    queryKey: ordersKey(filter),
    queryFn: ({ pageParam, signal }) =>
      client.orders.page({ ...filter, limit: ordersAtOnce, cursor: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });

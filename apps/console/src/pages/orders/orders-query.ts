import { type InfiniteData, infiniteQueryOptions } from "@tanstack/react-query";
import type { Order, Page } from "@tirage/client";
import { client } from "../../api/client.ts";
import { leaveOutDeleted } from "../../api/deleted-orders.ts";
import { keepNewestOrders } from "./place-order.ts";
import type { OrdersSearch } from "./search.ts";

const ordersAtOnce = 20;

type ListedOrders = InfiniteData<Page<Order>>;

/** The list, page after page, newest first. */
export const ordersQuery = (filter: OrdersSearch) =>
  infiniteQueryOptions({
    queryKey: ["orders", filter.status ?? "", filter.model ?? ""],
    queryFn: async ({ pageParam, signal }) =>
      leaveOutDeleted(await client.orders.page({ ...filter, limit: ordersAtOnce, cursor: pageParam }, { signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    structuralSharing: (kept, read) => keepNewestOrders(kept as ListedOrders | undefined, read as ListedOrders),
  });

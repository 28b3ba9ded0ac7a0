import { type QueryClient, queryOptions } from "@tanstack/react-query";
import type { Item, Order, OrderLedger, Product } from "@tirage/client";
import { client } from "./client.ts";
import { keepNewestOrder, mergeProducts } from "./keep-newest.ts";
import { queryClient } from "./query-client.ts";
import { takeFirst } from "./take-first.ts";

export const orderKey = (id: string) => ["order", id] as const;
const productsKey = (id: string) => [...orderKey(id), "products"] as const;
export const itemsKey = (id: string) => [...orderKey(id), "items"] as const;

export const orderQuery = (id: string) =>
  queryOptions<Order>({
    queryKey: orderKey(id),
    queryFn: ({ signal }) => client.orders.get(id, { signal }),
    structuralSharing: (kept, told) => keepNewestOrder(kept as Order | undefined, told as Order),
  });

/** The first of the order's items; an order may have ten thousand. */
export const itemsQuery = (id: string, count: number) =>
  queryOptions<Item[]>({
    queryKey: [...itemsKey(id), count],
    queryFn: ({ signal }) => takeFirst(client.orders.items(id, { signal }), count),
  });

/** The first of the order's products, and what its events told since. Until they are read, those that are known. */
export const productsQuery = (id: string, count: number) =>
  queryOptions<Product[]>({
    queryKey: [...productsKey(id), count],
    queryFn: ({ signal }) => takeFirst(client.orders.products(id, { signal }), count),
    structuralSharing: (kept, told) => mergeProducts((kept ?? []) as Product[], told as Product[]),
    initialData: () => {
      const known = queryClient
        .getQueriesData<Product[]>({ queryKey: productsKey(id) })
        .flatMap(([, data]) => data ?? []);
      return known.length > 0 ? mergeProducts([], known) : undefined;
    },
    initialDataUpdatedAt: 0,
  });

/** Also before the first reading has come: it is merged with what is there, by the query's own rule. */
export const keepProducts = (cache: QueryClient, id: string, told: readonly Product[]) =>
  void cache.setQueriesData<Product[]>({ queryKey: productsKey(id) }, (kept) => [...(kept ?? []), ...told]);

/** What the order's provider calls came to. */
export const ledgerQuery = (id: string) =>
  queryOptions<OrderLedger>({
    queryKey: [...orderKey(id), "ledger"],
    queryFn: ({ signal }) => client.orders.ledger(id, { signal }),
  });

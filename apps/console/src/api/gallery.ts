import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { ProductFilter } from "@tirage/client";
import { client } from "./client.ts";
import { leaveOutDeleted } from "./deleted-orders.ts";

const pageSize = 40;
const everyMs = 5_000;

/** The images of all orders, newest first. Whoever has scrolled down is not disturbed by new ones. */
export const galleryQuery = (filter: ProductFilter) =>
  infiniteQueryOptions({
    queryKey: ["gallery", filter],
    queryFn: async ({ pageParam, signal }) =>
      leaveOutDeleted(await client.products.page({ ...filter, limit: pageSize, cursor: pageParam }, { signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    refetchInterval: ({ state }) => (state.data && state.data.pages.length > 1 ? false : everyMs),
  });

/** One image, for an address that names it while the list does not hold it (yet). */
export const productQuery = (id: string) =>
  queryOptions({
    queryKey: ["product", id],
    queryFn: ({ signal }) => client.products.get(id, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

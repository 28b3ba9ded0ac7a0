/** Orders that were told to be deleted go from every list; what was asked for before, and comes later, brings none back. */
import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import type { GalleryProduct, Order, Page } from "@tirage/client";

type Listed = Order | GalleryProduct;

const deleted = new Set<string>();
const orderIdOf = (entry: Listed): string => ("orderId" in entry ? entry.orderId : entry.id);

export const leaveOutDeleted = <Entry extends Listed>(page: Page<Entry>): Page<Entry> => ({
  ...page,
  data: page.data.filter((entry) => !deleted.has(orderIdOf(entry))),
});

/** A list of which nothing is left that was shown is read again: there may be more. */
export function dropOrder(queryClient: QueryClient, id: string): void {
  deleted.add(id);
  void queryClient.resetQueries({
    queryKey: ["product"],
    predicate: ({ state }) => (state.data as GalleryProduct | undefined)?.orderId === id,
  });
  for (const list of ["orders", "gallery"]) {
    const told = queryClient.setQueriesData<InfiniteData<Page<Listed>>>(
      { queryKey: [list] },
      (kept) => kept && { ...kept, pages: kept.pages.map(leaveOutDeleted) },
    );
    for (const [queryKey, kept] of told) {
      if (kept?.pages.every(({ data }) => data.length === 0)) void queryClient.invalidateQueries({ queryKey });
    }
  }
}

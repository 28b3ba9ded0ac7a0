import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { dropOrder } from "../../api/deleted-orders.ts";
import { followAll } from "../../api/follow-all.ts";
import { galleryQuery } from "../../api/gallery.ts";
import { buttonClass } from "../../components/button.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { ErrorState } from "../../components/error-state.tsx";
import { formatCount } from "../../components/format.ts";
import { PageHeader } from "../../components/page-header.tsx";
import { GalleryFilterBar } from "./gallery-filter.tsx";
import { GalleryGrid, GallerySkeleton } from "./gallery-grid.tsx";
import { GalleryLightbox } from "./gallery-lightbox.tsx";
import { LoadMore } from "./load-more.tsx";
import type { GalleryFilter } from "./search.ts";

export function GalleryPage() {
  const { product, ...filter } = useSearch({ from: "/gallery" });
  const navigate = useNavigate({ from: "/gallery" });
  const query = useInfiniteQuery(galleryQuery(filter));
  useDeletions((query.data?.pages.length ?? 0) > 1);
  const products = query.data?.pages.flatMap(({ data }) => data) ?? [];
  const change = (change: GalleryFilter) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true, resetScroll: false });
  const isFiltered = Object.keys(filter).length > 0;
  // What filters is there while images are on their way, too: else it would push them down.
  const isEmpty = query.isSuccess && products.length === 0 && !isFiltered;
  return (
    <>
      <PageHeader title="Gallery">
        {query.data ? describeCount(products.length, query.hasNextPage) : "The images of all orders, newest first."}
      </PageHeader>
      {!isEmpty && <GalleryFilterBar filter={filter} onChange={change} />}
      {query.isPending && <GallerySkeleton />}
      {query.isError && products.length === 0 && (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.isSuccess && products.length === 0 && <NoImages isFiltered={isFiltered} />}
      <GalleryGrid products={products} />
      {query.hasNextPage && (
        <LoadMore isBusy={query.isFetchingNextPage} onMore={() => void query.fetchNextPage()} shown={products.length} />
      )}
      {product && (
        <GalleryLightbox
          id={product}
          products={products}
          onEnd={query.hasNextPage ? () => void query.fetchNextPage() : undefined}
        />
      )}
    </>
  );
}

/** Images of an order that is deleted go, also while the list is not read again by itself. */
function useDeletions(isScrolled: boolean): void {
  const queryClient = useQueryClient();
  useEffect(() => {
    if (!isScrolled) return;
    const leaving = new AbortController();
    void followAll(leaving.signal, (event) => event.type === "deleted" && dropOrder(queryClient, event.deletion.id));
    return () => leaving.abort();
  }, [queryClient, isScrolled]);
}

const describeCount = (count: number, hasMore: boolean): string =>
  count === 0
    ? "The images of all orders, newest first."
    : `${formatCount(count, "image")}${hasMore ? " so far" : ""}, newest first.`;

function NoImages({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) {
    return (
      <EmptyState
        icon="search"
        title="No image matches"
        action={
          <Link to="/gallery" search={{}} className={buttonClass()}>
            Show all images
          </Link>
        }
      >
        No image passes all the filters that are set.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon="images"
      title="No images yet"
      action={
        <Link to="/" className={buttonClass({ kind: "primary" })}>
          Order the first
        </Link>
      }
      command='order create --provider fal --model fal-ai/flux/schnell --prompt "a lighthouse at dusk" --quantity 4 --watch'
    >
      The images of every order are shown here as they land.
    </EmptyState>
  );
}

import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { Model, Order } from "@tirage/client";
import { isTerminal } from "@tirage/contracts";
import { useEffect, useRef, useState } from "react";
import { itemsQuery, orderKey, orderQuery, productsQuery } from "../../api/orders.ts";
import { useOrderFeed } from "../../api/use-order-feed.ts";
import { ErrorState } from "../../components/error-state.tsx";
import { Section } from "../../components/section.tsx";
import { ItemList } from "./item-list.tsx";
import { OrderDetails } from "./order-details.tsx";
import { OrderFailure } from "./order-failure.tsx";
import { OrderHeader } from "./order-header.tsx";
import { OrderLightbox } from "./order-lightbox.tsx";
import { OrderProgress } from "./order-progress.tsx";
import { ProductGrid } from "./product-grid.tsx";
import { countItemsOfSlots, fillSlots } from "./tile-slots.ts";
import { useAnnouncements } from "./use-announcements.ts";
import { useOrderActions } from "./use-order-actions.ts";

const pollEveryMs = 2_000;
const lookEveryMs = 5_000;
const tilesAtOnce = 200;
const itemsAtOnce = 50;

const route = getRouteApi("/orders/$id");

/** One order and all that came of it, followed as long as it runs. */
export function OrderView({ order, rules }: { order: Order; rules: Model["parameters"] | undefined }) {
  const { id } = order;
  const { product: shownProduct } = route.useSearch();
  const [tileCount, setTileCount] = useState(tilesAtOnce);
  const [itemCount, setItemCount] = useState(itemsAtOnce);
  const actions = useOrderActions(order);
  const isActive = !isTerminal(order.status) || actions.isAwaitingChange;
  const feed = useOrderFeed(id, isActive && !actions.isAwaitingChange);
  // Without the feed, what it would tell is asked for.
  const refetchInterval = isActive && feed !== "live" ? pollEveryMs : false;
  // An ended order has no feed, and may be deleted or run again elsewhere.
  useQuery({ ...orderQuery(id), refetchInterval: isActive ? refetchInterval : lookEveryMs });
  const products = useQuery({ ...productsQuery(id, tileCount), refetchInterval });
  const slots = fillSlots(products.data ?? [], order.plan, tileCount);
  const readCount = Math.max(itemCount, countItemsOfSlots(slots));
  const items = useQuery({ ...itemsQuery(id, readCount), refetchInterval, placeholderData: keepPreviousData });
  useAnnouncements(order);
  useLastReading(order);
  return (
    <>
      <OrderHeader order={order} actions={actions} />
      <OrderProgress order={order} feed={feed} />
      <OrderFailure order={order} items={items.data ?? []} actions={actions} />
      <Section title="Images">
        {products.isError && !products.data ? (
          <ErrorState error={products.error} onRetry={() => void products.refetch()} />
        ) : (
          <ProductGrid
            order={order}
            rules={rules}
            products={products.data ?? []}
            slots={slots}
            items={items.data ?? []}
            onShowMore={() => setTileCount(tileCount + tilesAtOnce)}
          />
        )}
      </Section>
      <Section title="Generations">
        {items.isError && !items.data ? (
          <ErrorState error={items.error} onRetry={() => void items.refetch()} />
        ) : (
          <ItemList
            order={order}
            items={items.data?.slice(0, itemCount)}
            onShowMore={() => setItemCount(itemCount + itemsAtOnce)}
          />
        )}
      </Section>
      <OrderDetails order={order} />
      {shownProduct && <OrderLightbox order={order} id={shownProduct} products={products.data ?? []} />}
    </>
  );
}

/**
 * Reads all of an order once more when it has ended: what was asked for while it ran may lack what came last. One that
 * was run again may have ended anew before it was seen to run.
 */
function useLastReading({ id, status, version }: Order): void {
  const queryClient = useQueryClient();
  const endedAt = isTerminal(status) ? version : undefined;
  const before = useRef(endedAt);
  useEffect(() => {
    if (endedAt !== undefined && endedAt !== before.current) {
      void queryClient.invalidateQueries({ queryKey: orderKey(id) });
    }
    before.current = endedAt;
  }, [queryClient, id, endedAt]);
}

import { type InfiniteData, type UseInfiniteQueryResult, useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { Order, Page } from "@tirage/client";
import { Button, buttonClass } from "../../components/button.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { ErrorState } from "../../components/error-state.tsx";
import { Icon } from "../../components/icon.tsx";
import { LiveBadge } from "../../components/live-badge.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { OrderList } from "./order-list.tsx";
import { OrdersFilter } from "./orders-filter.tsx";
import { ordersQuery } from "./orders-query.ts";
import { useOrdersFeed } from "./use-orders-feed.ts";

const route = getRouteApi("/orders");
/** While changes are not told, they are asked for. */
const pollEveryMs = 3_000;

export function OrdersPage() {
  const filter = route.useSearch();
  const orders = useInfiniteQuery(ordersQuery(filter));
  const feed = useOrdersFeed(filter, orders.data !== undefined);
  useInfiniteQuery({ ...ordersQuery(filter), refetchInterval: feed === "reconnecting" ? pollEveryMs : false });
  return (
    <>
      <PageHeader
        title="Orders"
        actions={
          <>
            <span className="order-last sm:order-none">
              <LiveBadge state={feed} />
            </span>
            <Link to="/" className={buttonClass({ kind: "primary" })}>
              <Icon name="plus" />
              New order
            </Link>
          </>
        }
      >
        Newest first, as they change.
      </PageHeader>
      <OrdersFilter filter={filter} />
      <Body orders={orders} isFiltered={filter.status !== undefined || filter.model !== undefined} />
    </>
  );
}

type OrdersResult = UseInfiniteQueryResult<InfiniteData<Page<Order>>>;

function Body({ orders, isFiltered }: { orders: OrdersResult; isFiltered: boolean }) {
  if (orders.isPending) return <SkeletonRows rows={6} name="the orders" />;
  if (!orders.data) return <ErrorState error={orders.error} onRetry={() => void orders.refetch()} />;
  const listed = orders.data.pages.flatMap(({ data }) => data);
  if (listed.length === 0) return isFiltered ? <NothingFound /> : <NoOrders />;
  return (
    <>
      <OrderList orders={listed} />
      {orders.hasNextPage && (
        <div className="mt-4 flex justify-center">
          <Button isBusy={orders.isFetchingNextPage} onClick={() => void orders.fetchNextPage()}>
            Show older orders
          </Button>
        </div>
      )}
    </>
  );
}

function NoOrders() {
  return (
    <EmptyState
      icon="images"
      title="No orders yet"
      action={
        <Link to="/" className={buttonClass({ kind: "primary" })}>
          Place the first order
        </Link>
      }
      command={
        'order create --provider fal --model fal-ai/flux/schnell --prompt "a lighthouse at dusk" --quantity 10 --watch'
      }
    >
      An example is filled in already: ten images, in batches of four.
    </EmptyState>
  );
}

function NothingFound() {
  return (
    <EmptyState
      icon="list"
      title="No order matches"
      action={
        <Link to="/orders" search={{}} className={buttonClass()}>
          Show all orders
        </Link>
      }
    >
      No order has this status and this model.
    </EmptyState>
  );
}

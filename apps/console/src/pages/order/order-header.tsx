import { Link } from "@tanstack/react-router";
import type { Order } from "@tirage/client";
import type { FeedState } from "../../api/use-order-feed.ts";
import { CopyButton } from "../../components/copy-button.tsx";
import { LiveBadge } from "../../components/live-badge.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { StatusBadge } from "../../components/status-badge.tsx";
import { describeTab } from "./describe-progress.ts";
import { OrderButtons } from "./order-buttons.tsx";
import type { OrderActions } from "./use-order-actions.ts";

export function OrderHeader({ order, feed, actions }: { order: Order; feed: FeedState; actions: OrderActions }) {
  return (
    <>
      <nav aria-label="Where you are" className="mb-3 flex items-center gap-1.5 text-sm text-ink-soft">
        <Link to="/orders" className="hover:text-ink hover:underline">
          Orders
        </Link>
        <span aria-hidden="true">/</span>
        <span className="font-mono text-xs">{order.id}</span>
        <CopyButton text={order.id} name="Copy the order's id" what="Id" />
      </nav>
      <PageHeader
        title={order.prompt}
        tabTitle={describeTab(order)}
        actions={<OrderButtons order={order} actions={actions} />}
      >
        <span className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-2">
          <StatusBadge status={order.status} isPartial={order.partial} />
          <LiveBadge state={feed} />
          <span>
            {order.provider} · {order.model}
          </span>
          <span>
            Ordered <RelativeTime instant={order.createdAt} />
          </span>
        </span>
      </PageHeader>
    </>
  );
}

import { Link } from "@tanstack/react-router";
import type { Order } from "@tirage/client";
import { isTerminal } from "@tirage/contracts";
import { reachability } from "../../api/reachability.ts";
import { classNames } from "../../components/class-names.ts";
import { CopyButton } from "../../components/copy-button.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { StatusBadge } from "../../components/status-badge.tsx";
import { describeTab } from "./describe-progress.ts";
import { OrderButtons } from "./order-buttons.tsx";
import type { OrderActions } from "./use-order-actions.ts";

export function OrderHeader({ order, actions }: { order: Order; actions: OrderActions }) {
  const isStale = !reachability.use().isReachable && !isTerminal(order.status);
  return (
    <>
      <nav aria-label="Where you are" className="mb-3 flex items-center gap-1.5 text-sm text-ink-soft">
        <Link to="/orders" className="hover:text-ink hover:underline">
          Orders
        </Link>
        <span aria-hidden="true">/</span>
        <span className="min-w-0 truncate font-mono text-xs">{order.id}</span>
        <CopyButton text={order.id} name="Copy the order's id" what="Id" />
      </nav>
      <PageHeader title={order.prompt} tabTitle={describeTab(order)}>
        {/* On a line of its own: it changes its width, and would move what is beside it. */}
        <p className={classNames("mt-2", isStale && "stale")}>
          <StatusBadge status={order.status} isPartial={order.partial} />
        </p>
        <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-2">
          <span>
            {order.provider} · {order.model}
          </span>
          <span>
            Ordered <RelativeTime instant={order.createdAt} />
          </span>
        </div>
      </PageHeader>
      <div className="mb-5 flex flex-wrap items-center gap-2">
        <OrderButtons order={order} actions={actions} />
      </div>
    </>
  );
}

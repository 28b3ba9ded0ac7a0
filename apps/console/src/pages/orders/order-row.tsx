import { Link } from "@tanstack/react-router";
import { isSinceRetry, type Order, readElapsedMs } from "@tirage/client";
import { formatCount, formatDuration, formatMoney } from "../../components/format.ts";
import { RelativeTime } from "../../components/relative-time.tsx";
import { lookOf, StatusBadge } from "../../components/status-badge.tsx";

export function OrderRow({ order }: { order: Order }) {
  const { items, products } = order.progress;
  return (
    <li>
      <Link
        to="/orders/$id"
        params={{ id: order.id }}
        className="grid gap-x-5 gap-y-2 px-4 py-3.5 hover:bg-raised focus-visible:-outline-offset-2 sm:grid-cols-[minmax(0,1fr)_10.5rem_13rem_10rem] sm:items-center"
      >
        <span className="min-w-0">
          <span className="block truncate font-medium">{order.prompt}</span>
          <span className="block truncate text-xs text-ink-soft">
            {order.model} · {formatCount(order.plan.generations, "generation")} × {order.plan.batchSize}
          </span>
        </span>
        <span>
          <StatusBadge status={order.status} isPartial={order.partial} />
        </span>
        <span className="space-y-1.5">
          <span className="flex justify-between gap-2 text-xs text-ink-soft">
            <span>
              {products.produced}/{products.requested} images
            </span>
            {items.failed > 0 && <span className="text-bad">{items.failed} failed</span>}
          </span>
          <progress
            aria-label={`${products.produced} of ${products.requested} images`}
            value={products.produced}
            max={products.requested}
            data-tone={lookOf(order.status, order.partial).tone}
          />
        </span>
        <span className="text-xs text-ink-soft sm:text-right">
          <RelativeTime instant={order.createdAt} />
          {order.finishedAt && <Lasting order={order} endMs={Date.parse(order.finishedAt)} />}
        </span>
      </Link>
    </li>
  );
}

/** "4.2 s · $0.030" of an order that has ended: with what it waited, and what the provider charged for it. */
function Lasting({ order, endMs }: { order: Order; endMs: number }) {
  const { chargedMicroUsd, actualMicroUsd } = order.cost;
  const took = formatDuration(readElapsedMs(order, endMs));
  const cost =
    chargedMicroUsd !== null
      ? formatMoney(chargedMicroUsd)
      : actualMicroUsd !== null && `about ${formatMoney(actualMicroUsd)}`;
  const from = isSinceRetry(order, endMs) ? "the retry" : "ordering";
  const meaning = chargedMicroUsd !== null ? "what the provider charged" : "estimated by what was delivered";
  return (
    <span className="ml-2 sm:ml-0 sm:block" title={`From ${from} to the end${cost ? `; ${meaning}` : ""}`}>
      {took}
      {cost && ` · ${cost}`}
    </span>
  );
}

import { type Item, type Order, readBeginning } from "@tirage/client";
import { isTerminal } from "@tirage/contracts";
import { formatCount, formatDuration, formatMoney } from "../../components/format.ts";
import { Icon } from "../../components/icon.tsx";
import { StatusBadge } from "../../components/status-badge.tsx";
import { useNow } from "../../components/use-now.ts";
import { outcomeWords } from "./describe-outcomes.ts";
import { ItemFacts } from "./item-facts.tsx";
import { ItemTimeline } from "./item-timeline.tsx";
import { listSteps } from "./timeline-steps.ts";

/** One generation in a line; opened, its timeline and all that is recorded of it. */
export function ItemRow({ order, item }: { order: Order; item: Item }) {
  const now = useNow(isTerminal(item.status) ? undefined : 500);
  const steps = listSteps(item, readBeginning(timesOf(order, item), now), now);
  const totalMs = steps.reduce((sum, { durationMs }) => sum + durationMs, 0);
  return (
    <li>
      <details className="group">
        <summary className="grid list-none grid-cols-[auto_1fr_auto] items-center gap-x-4 gap-y-1 px-4 py-3 text-sm hover:bg-raised sm:grid-cols-[auto_8rem_1fr_8rem_6rem_auto] [&::-webkit-details-marker]:hidden">
          <span className="font-medium text-ink-soft">#{item.index + 1}</span>
          <span>
            <StatusBadge status={item.status} />
          </span>
          <span className="order-last col-span-3 min-w-0 sm:order-none sm:col-span-1">
            {item.produced} of {formatCount(item.batchSize, "image")}
            {item.attempt > 1 && <span className="text-warn"> · attempt {item.attempt}</span>}
            {item.error && <span className="block truncate text-xs text-bad">{item.error.message}</span>}
            {item.outcome && <span className="block text-xs text-ink-soft">{outcomeWords[item.outcome]}</span>}
          </span>
          <span className="hidden truncate text-xs text-ink-soft sm:block" title={item.workerId ?? undefined}>
            {item.workerId ?? "no worker"}
          </span>
          <span className="hidden text-right text-ink-soft sm:block" title="With the queue">
            {formatDuration(totalMs)}
          </span>
          <Icon name="chevronDown" className="text-ink-soft transition-transform group-open:rotate-180" />
        </summary>
        <div className="space-y-5 border-t border-line bg-canvas px-4 py-5">
          <ItemTimeline steps={steps} />
          <ItemFacts item={item} />
          {item.costMicroUsd !== null && (
            <p className="text-xs text-ink-soft">
              Cost of the delivered images by the catalogue's price: {formatMoney(item.costMicroUsd)}
            </p>
          )}
        </div>
      </details>
    </li>
  );
}

/** The latest retry is no beginning of an item that it did not run again. */
function timesOf(order: Order, { attempt, finishedAt }: Item): Order {
  const isRetried = attempt > 1 && (finishedAt === null || finishedAt >= (order.retriedAt ?? ""));
  return isRetried ? order : { ...order, retriedAt: null };
}

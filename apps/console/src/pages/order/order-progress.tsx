import { useQuery } from "@tanstack/react-query";
import { isSinceRetry, type Order, readElapsedMs } from "@tirage/client";
import { isTerminal } from "@tirage/contracts";
import type { ReactNode } from "react";
import { ledgerQuery } from "../../api/orders.ts";
import { reachability } from "../../api/reachability.ts";
import type { FeedState } from "../../api/use-order-feed.ts";
import { AsOf } from "../../components/as-of.tsx";
import { classNames } from "../../components/class-names.ts";
import { formatDuration, formatEstimate } from "../../components/format.ts";
import { LiveBadge } from "../../components/live-badge.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { SandboxNote } from "../../components/sandbox-note.tsx";
import { lookOf } from "../../components/status-badge.tsx";
import { useNow } from "../../components/use-now.ts";
import { describeCost } from "./describe-cost.ts";
import { describeGenerations, describeImages } from "./describe-progress.ts";

/** How far it is, in words and as a bar, how long it has taken, what it cost. */
export function OrderProgress({ order, feed }: { order: Order; feed: FeedState }) {
  const { products } = order.progress;
  const hasEnded = isTerminal(order.status);
  const { tone } = lookOf(order.status, order.partial);
  const { lostAtMs } = reachability.use();
  const asOfMs = hasEnded ? undefined : lostAtMs;
  return (
    <section aria-label="Progress" className={classNames("card space-y-4 p-5", asOfMs !== undefined && "stale")}>
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-1">
        <div>
          <p className="text-2xl font-semibold tracking-tight">{describeImages(order)}</p>
          <p className="text-sm text-ink-soft">
            {describeGenerations(order)} {asOfMs !== undefined && <AsOf ms={asOfMs} />}
          </p>
        </div>
        <LiveBadge state={feed} />
      </div>
      <progress
        aria-label={`Images: ${describeImages(order)}`}
        value={products.produced}
        max={products.requested}
        data-tone={tone}
        className="h-2"
      />
      <dl className="grid grid-cols-2 gap-x-6 gap-y-3 text-sm sm:grid-cols-[9rem_minmax(12rem,auto)_1fr]">
        <Elapsed order={order} asOfMs={asOfMs} />
        <Cost order={order} />
        {hasEnded ? <Ledger id={order.id} /> : <Remaining order={order} asOfMs={asOfMs} />}
      </dl>
    </section>
  );
}

function Fact({ name, isWide = false, children }: { name: string; isWide?: boolean; children: ReactNode }) {
  return (
    <div className={isWide ? "col-span-2 sm:col-span-1" : undefined}>
      <dt className="text-xs text-ink-soft">{name}</dt>
      <dd className="font-medium">{children}</dd>
    </div>
  );
}

/** Ticks while the order runs; an order that waits for its time says when that is. */
function Elapsed({ order, asOfMs }: { order: Order; asOfMs: number | undefined }) {
  const { startAt, startedAt, finishedAt } = order;
  const ticking = useNow(finishedAt === null ? 250 : undefined);
  const now = asOfMs ?? ticking;
  if (startedAt === null && finishedAt === null && startAt && Date.parse(startAt) > now) {
    return (
      <Fact name="Starts">
        <RelativeTime instant={startAt} />
      </Fact>
    );
  }
  const isRetry = isSinceRetry(order, now);
  const since = isRetry ? "Since the retry" : startedAt ? "Since ordered" : "Waiting";
  const took = isRetry ? "Took, from the retry on" : "Took, with the queue";
  return <Fact name={finishedAt ? took : since}>{formatDuration(readElapsedMs(order, now))}</Fact>;
}

/** By the pace so far, or by its deadline while there is none. What was done before a retry says nothing of its pace. */
function Remaining({
  order: { startedAt, retriedAt, expiresAt, progress },
  asOfMs,
}: {
  order: Order;
  asOfMs: number | undefined;
}) {
  const ticking = useNow(1_000);
  const now = asOfMs ?? ticking;
  const { completed, total, failed, cancelled } = progress.items;
  const left = total - completed - failed - cancelled;
  if (startedAt !== null && retriedAt === null && completed > 0 && left > 0) {
    return <Fact name="Left">about {formatEstimate(((now - Date.parse(startedAt)) / completed) * left)}</Fact>;
  }
  if (!expiresAt) return null;
  return (
    <Fact name="Expires">
      <RelativeTime instant={expiresAt} />
    </Fact>
  );
}

/** By the catalogue's price. Once it has ended, of what was charged, and of what was delivered where that is less. */
function Cost({ order }: { order: Order }) {
  const hasEnded = isTerminal(order.status);
  const { data: ledger } = useQuery({ ...ledgerQuery(order.id), enabled: hasEnded });
  return (
    <Fact name={hasEnded ? "Cost" : "Cost so far"}>
      {describeCost(order, hasEnded ? ledger : undefined)}
      <SandboxNote provider={order.provider} since={order.createdAt} />
    </Fact>
  );
}

/** What was paid and what was delivered, once both are final. */
function Ledger({ id }: { id: string }) {
  const { data } = useQuery(ledgerQuery(id));
  if (!data) return null;
  const twice = data.paidTwice > 0 ? "text-bad" : "";
  return (
    <Fact name="Ledger, in images" isWide>
      paid {data.paid} · delivered {data.delivered} · <span className={twice}>paid twice {data.paidTwice}</span>
      {data.unknown > 0 && <span className="text-warn"> · unknown {data.unknown}</span>}
    </Fact>
  );
}

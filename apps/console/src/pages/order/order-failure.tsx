import type { Item, Order } from "@tirage/client";
import { isTerminal } from "@tirage/contracts";
import { Button } from "../../components/button.tsx";
import { classNames } from "../../components/class-names.ts";
import { formatCount } from "../../components/format.ts";
import { Icon } from "../../components/icon.tsx";
import { describeOutcomes } from "./describe-outcomes.ts";
import type { OrderActions } from "./use-order-actions.ts";

/** Why images are missing, or what a cancelled order came to. */
export function OrderFailure({
  order,
  items,
  actions,
}: {
  order: Order;
  items: readonly Item[];
  actions: OrderActions;
}) {
  const outcomes = isTerminal(order.status) ? describeOutcomes(items) : undefined;
  // The list of generations may be longer than what is shown of it.
  const counted = items.length < order.progress.items.total ? `Of the first ${items.length} generations` : "Cancelled";
  // That images are missing is what the title says.
  const error = order.error?.code === "partial_batch" ? null : order.error;
  const { failed, cancelled } = order.progress.items;
  const isShort = order.error?.code === "partial_batch" && failed + cancelled === 0;
  const isBad = order.status === "failed";
  if (!order.error && !outcomes) return null;
  return (
    <section
      aria-label="What went wrong"
      className={classNames(
        "card mt-4 flex flex-wrap items-start gap-3 p-4 text-sm",
        isBad ? "border-bad" : "border-warn",
      )}
    >
      <Icon name="alert" className={classNames("mt-0.5 size-5", isBad ? "text-bad" : "text-warn")} />
      <div className="min-w-0 grow basis-60">
        <p className="font-semibold">{titleOf(order)}</p>
        {error && (
          <p className="mt-0.5 text-ink-soft">
            {error.message} <code className="font-mono text-xs">{error.code}</code>
          </p>
        )}
        {isShort && (
          <p className="mt-0.5 text-ink-soft">
            The provider brought fewer than it was asked for, such as when its filter takes one out, and this order
            accepts that. Under Tweak, Advanced, an order can have the missing ones ordered again.
          </p>
        )}
        {outcomes && (
          <p className="mt-0.5 text-ink-soft">
            {counted}: {outcomes}.
          </p>
        )}
      </div>
      {order.error?.retryable && order.progress.items.failed > 0 && (
        <Button size="small" icon="repeat" isBusy={actions.isRetrying} onClick={actions.retry}>
          Retry failed
        </Button>
      )}
    </section>
  );
}

function titleOf({ status, partial, progress: { products } }: Order): string {
  const missing = products.requested - products.produced;
  if (status === "cancelled") return "The order was cancelled";
  if (status === "failed") return "No image could be made";
  const are = missing === 1 ? "is" : "are";
  return partial
    ? `${missing} of ${formatCount(products.requested, "image")} ${are} missing`
    : "Something went wrong on the way";
}

import type { Item, Order } from "@tirage/client";
import { Button } from "../../components/button.tsx";
import { formatWhole } from "../../components/format.ts";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { ItemRow } from "./item-row.tsx";

/** Each generation: how it is, who makes it, how long it takes, what went wrong. */
export function ItemList({
  order,
  items,
  onShowMore,
}: {
  order: Order;
  items: readonly Item[] | undefined;
  onShowMore: () => void;
}) {
  if (!items) return <SkeletonRows rows={3} name="the generations" />;
  const left = order.progress.items.total - items.length;
  return (
    <>
      <ul className="card divide-y divide-line overflow-hidden">
        {items.map((item) => (
          <ItemRow key={item.id} order={order} item={item} />
        ))}
      </ul>
      {left > 0 && (
        <Button className="mt-4" onClick={onShowMore}>
          Show more ({formatWhole(left)} left)
        </Button>
      )}
    </>
  );
}

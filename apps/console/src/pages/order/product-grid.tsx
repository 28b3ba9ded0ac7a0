import { Link } from "@tanstack/react-router";
import type { Item, Model, Order, Product } from "@tirage/client";
import { type ItemStatus, isTerminal } from "@tirage/contracts";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { classNames } from "../../components/class-names.ts";
import { formatWhole } from "../../components/format.ts";
import { Icon } from "../../components/icon.tsx";
import { Picture } from "../../components/picture.tsx";
import { lookOf } from "../../components/status-badge.tsx";
import { expectedAspect } from "./expected-aspect.ts";
import type { TileSlot } from "./tile-slots.ts";

/** A tile for each image of the order: its place is there before it is, so that nothing moves when it lands. */
export function ProductGrid({
  order,
  rules,
  products,
  slots,
  items,
  onShowMore,
}: {
  order: Order;
  rules: Model["parameters"] | undefined;
  products: readonly Product[];
  slots: readonly TileSlot[];
  items: readonly Item[];
  onShowMore: () => void;
}) {
  // Once chosen it stays: tiles that change their shape would move the page.
  const [aspect] = useState(() => expectedAspect(order, products, rules));
  const left = order.plan.totalProducts - slots.length;
  return (
    <>
      <ul className="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-4 xl:grid-cols-5">
        {slots.map(({ position, itemIndex, product }) => (
          <li key={position} style={{ aspectRatio: aspect }} className="relative">
            {product ? (
              <Tile product={product} prompt={order.prompt} />
            ) : (
              <Placeholder
                // Of a generation that is not read yet an order that runs tells nothing.
                status={items[itemIndex]?.status ?? (isTerminal(order.status) ? order.status : "pending")}
                hasOrderEnded={isTerminal(order.status)}
                position={position}
              />
            )}
          </li>
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

const tileClass = "absolute inset-0 overflow-hidden rounded-xl border border-line bg-raised";

function Tile({ product, prompt }: { product: Product; prompt: string }) {
  return (
    <Link
      from="/orders/$id"
      search={(before) => ({ ...before, product: product.id })}
      resetScroll={false}
      data-product={product.id}
      className={classNames(tileClass, "group animate-land")}
    >
      <Picture
        sources={[product.urls.thumbnail, product.urls.content]}
        alt={`${prompt}, ${product.index + 1}`}
        width={product.width}
        height={product.height}
        className="size-full object-cover transition-transform duration-300 group-hover:scale-[1.03]"
      />
    </Link>
  );
}

const words: Readonly<Record<ItemStatus, string>> = {
  pending: "Queued",
  processing: "Being made",
  completed: "Not delivered",
  failed: "Failed",
  cancelled: "Cancelled",
};

function Placeholder({
  status,
  hasOrderEnded,
  position,
}: {
  status: ItemStatus;
  hasOrderEnded: boolean;
  position: number;
}) {
  // Of a generation that has just ended the images may still be on their way.
  const word = status === "completed" && !hasOrderEnded ? "Landing" : words[status];
  return (
    <div
      className={classNames(
        tileClass,
        "flex flex-col items-center justify-center gap-2 border-dashed text-xs text-ink-soft",
      )}
    >
      <Icon
        name={status === "completed" && hasOrderEnded ? "ban" : lookOf(status).icon}
        className={classNames("size-5", status === "processing" && "animate-spin", status === "failed" && "text-bad")}
      />
      {/* Another word is another element: one that changed its width would have moved. */}
      <span key={word}>
        <span className="sr-only">Image {position + 1}: </span>
        {word}
      </span>
    </div>
  );
}

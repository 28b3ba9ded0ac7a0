import type { Order } from "@tirage/client";
import { isTerminal } from "@tirage/contracts";
import { formatCount, formatWhole } from "../../components/format.ts";

/** "7 of 10 images". */
export const describeImages = ({ progress: { products } }: Order): string =>
  `${formatWhole(products.produced)} of ${formatCount(products.requested, "image")}`;

/** "2 of 3 generations done · 1 running · 1 failed": what there is none of is left out. */
export function describeGenerations({ progress: { items } }: Order): string {
  const parts: [count: number, word: string][] = [
    [items.processing, "running"],
    [items.pending, "queued"],
    [items.failed, "failed"],
    [items.cancelled, "cancelled"],
  ];
  const told = parts.filter(([count]) => count > 0).map(([count, word]) => `${formatWhole(count)} ${word}`);
  return [`${formatWhole(items.completed)} of ${formatCount(items.total, "generation")} done`, ...told].join(" · ");
}

/** For the tab, while the order runs and once it has ended: "(7/10) a lighthouse". */
export function describeTab({ prompt, status, progress: { products } }: Order): string {
  const short = prompt.length > 40 ? `${prompt.slice(0, 39)}…` : prompt;
  return isTerminal(status) && status !== "completed"
    ? `${status}: ${short}`
    : `(${products.produced}/${products.requested}) ${short}`;
}

/** Told when it has ended. */
export function describeEnd(order: Order): string {
  const images = `${describeImages(order)}.`;
  if (order.status === "failed") return `Order failed. ${images}`;
  if (order.status === "cancelled") return `Order cancelled. ${images}`;
  return `${order.partial ? "Order partly completed" : "Order completed"}. ${images}`;
}

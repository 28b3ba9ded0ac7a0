import type { Order } from "@tirage/client";
import type { Paint } from "../output/colours.ts";
import { printable } from "../output/printable.ts";
import { countOf, formatDuration } from "../output/units.ts";

export const hasEnded = ({ status }: Order): boolean => status !== "pending" && status !== "processing";

const signs = {
  pending: { sign: "·", colour: "dim" },
  processing: { sign: "▸", colour: "cyan" },
  completed: { sign: "✓", colour: "green" },
  failed: { sign: "✗", colour: "red" },
  cancelled: { sign: "○", colour: "yellow" },
} as const;

/** Status by sign, word and colour: none of them alone. */
export function paintStatus({ status, partial }: Pick<Order, "status" | "partial">, paint: Paint): string {
  const { sign, colour } = signs[status];
  return paint(partial ? "yellow" : colour, `${sign} ${status}${partial ? " in part" : ""}`);
}

/** `7 of 10 images`. */
export const describeProducts = ({ progress: { products } }: Order): string =>
  `${products.produced} of ${countOf(products.requested, "image")}`;

/** What came of an ended order, in a sentence. */
export function describeEnd(order: Order, paint: Paint): string {
  const { createdAt, finishedAt, error } = order;
  const took = finishedAt ? ` in ${formatDuration(Date.parse(finishedAt) - Date.parse(createdAt))}` : "";
  const reason = error ? `: ${printable(error.message)} (${error.code})` : "";
  return `${paintStatus(order, paint)}  ${describeProducts(order)}${took}${reason}`;
}

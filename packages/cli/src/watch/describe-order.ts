import { isSinceRetry, type Order, readElapsedMs } from "@tirage/client";
import type { Paint } from "../output/colours.ts";
import { printable } from "../output/printable.ts";
import { countOf, formatDuration, formatMicroUsd } from "../output/units.ts";

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

/** What it took or has taken with the queue: `4s`, or `4s since the retry`, without what it lay ended before that. */
export function describeTook(order: Order): string {
  const nowMs = Date.now();
  const took = formatDuration(readElapsedMs(order, nowMs));
  return isSinceRetry(order, nowMs) ? `${took} since the retry` : took;
}

/** By the catalogue's price: of what the provider charged where that is counted, else estimated by what was delivered. */
export function describeCost({ cost: { actualMicroUsd, chargedMicroUsd } }: Order): string {
  if (chargedMicroUsd !== null) return formatMicroUsd(chargedMicroUsd);
  return actualMicroUsd === null ? "unknown" : `${formatMicroUsd(actualMicroUsd)} estimated`;
}

/** What came of an ended order, in a sentence. */
export function describeEnd(order: Order, paint: Paint): string {
  const { finishedAt, error } = order;
  const took = finishedAt ? ` in ${describeTook(order)}` : "";
  const reason = error ? `: ${printable(error.message)} (${error.code})` : "";
  return `${paintStatus(order, paint)}  ${describeProducts(order)}${took}${reason}`;
}

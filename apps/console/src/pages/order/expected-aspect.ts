import type { Model, Order, Product } from "@tirage/client";

const presets: Readonly<Record<string, number>> = {
  square: 1,
  square_hd: 1,
  portrait_4_3: 3 / 4,
  portrait_16_9: 9 / 16,
  landscape_4_3: 4 / 3,
  landscape_16_9: 16 / 9,
};

/**
 * Width by height of the order's images: of one that is there, else as its parameters or the model's defaults say, else
 * square. Within bounds, so
 * that a banner is still a tile.
 */
export function expectedAspect(
  { parameters }: Order,
  products: readonly Product[],
  rules: Model["parameters"] = {},
): number {
  const [first] = products;
  const defaults = Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name, rule.default]));
  const aspect =
    first && first.height > 0 ? first.width / first.height : aspectOfParameters({ ...defaults, ...parameters });
  return Math.min(2, Math.max(0.5, aspect));
}

function aspectOfParameters({ image_size: size, aspect_ratio: ratio, width, height }: Order["parameters"]): number {
  if (typeof size === "string") return presets[size] ?? 1;
  if (typeof size === "object" && size !== null) return aspectOf(size as { width?: unknown; height?: unknown });
  const [left, right] = typeof ratio === "string" ? ratio.split(":").map(Number) : [];
  return aspectOf(left ? { width: left, height: right } : { width, height });
}

const aspectOf = ({ width, height }: { width?: unknown; height?: unknown }): number =>
  typeof width === "number" && typeof height === "number" && width > 0 && height > 0 ? width / height : 1;

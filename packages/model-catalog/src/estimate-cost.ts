import type { Parameters } from "@tirage/contracts";
import { findModel } from "./model-catalogue.ts";

export interface OutputSize {
  readonly width: number;
  readonly height: number;
}

/** fal bills a megapixel as 1024 × 1024, each output rounded up. */
const pixelsPerMegapixel = 1024 * 1024;

/** Pixels of fal's named sizes. */
const presetSizes: Readonly<Record<string, OutputSize>> = {
  square_hd: { width: 1024, height: 1024 },
  square: { width: 512, height: 512 },
  portrait_4_3: { width: 768, height: 1024 },
  portrait_16_9: { width: 576, height: 1024 },
  landscape_4_3: { width: 1024, height: 768 },
  landscape_16_9: { width: 1024, height: 576 },
};

/**
 * Millionths of a dollar that these outputs cost by the catalogue's price; undefined when no price is known, or when it is
 * by the second and so not to be told from outputs. An estimate: discounts, rounding and taxes are the provider's.
 */
export function estimateCostMicroUsd(
  provider: string,
  model: string,
  outputs: readonly OutputSize[],
): number | undefined {
  const price = findModel(provider, model)?.priceMicroUsd;
  if (!price || price.per === "second") return undefined;
  if (price.per === "output") return price.amount * outputs.length;
  const megapixels = outputs.map(({ width, height }) => Math.ceil((width * height) / pixelsPerMegapixel));
  return price.amount * megapixels.reduce((sum, each) => sum + each, 0);
}

/** The size that an order's outputs will have, to price it before it runs; undefined when its parameters do not tell. */
export function expectedSize(provider: string, model: string, parameters: Parameters): OutputSize | undefined {
  const rule = findModel(provider, model)?.parameters.image_size;
  const size = rule && (parameters.image_size ?? rule.default);
  if (typeof size === "string") return presetSizes[size];
  if (typeof size !== "object" || size === null || Array.isArray(size)) return undefined;
  const { width, height } = size;
  return typeof width === "number" && typeof height === "number" ? { width, height } : undefined;
}

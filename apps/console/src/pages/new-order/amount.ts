/**
 * How many images: generations × batch size, or a number of images that decides the generations. The three fields follow
 * each other: whichever of generations and images was set last decides the other.
 */
import { planOrder } from "@tirage/contracts";

export interface Amount {
  readonly decidedBy: "generations" | "images";
  /** As typed, so that a field can be empty for a moment. */
  readonly generations: string;
  readonly batchSize: string;
  readonly images: string;
}

/** Generations that one order of the form makes; the API takes more. */
export const mostGenerations = 50;

/** A whole number from 1; undefined for anything else. */
export const readWhole = (text: string): number | undefined =>
  /^[1-9]\d{0,8}$/.test(text.trim()) ? Number(text) : undefined;

export const changeGenerations = (amount: Amount, generations: string): Amount =>
  follow({ ...amount, generations, decidedBy: "generations" });

export const changeBatchSize = (amount: Amount, batchSize: string): Amount => follow({ ...amount, batchSize });

export const changeImages = (amount: Amount, images: string): Amount =>
  follow({ ...amount, images, decidedBy: "images" });

/** What does not decide becomes what the others say, as far as they say anything. */
function follow(amount: Amount): Amount {
  const batchSize = readWhole(amount.batchSize);
  if (batchSize === undefined) return amount;
  if (amount.decidedBy === "generations") {
    const generations = readWhole(amount.generations);
    return generations === undefined ? amount : { ...amount, images: String(generations * batchSize) };
  }
  const images = readWhole(amount.images);
  if (images === undefined) return amount;
  const plan = planOrder({ quantity: images, batchSize, remainder: "exact" }, { maximumBatchSize: batchSize });
  return { ...amount, generations: String(plan.generations) };
}

/**
 * Identifiers. Orders carry a UUIDv7; items and products carry ids computed from it, so that any service can
 * name an item or a product without asking a database, and a repeated step always names the same one.
 */
import { z } from "zod";

/** A lower-case UUID, any version. */
export const identifier = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, {
  message: "must be a UUID in lower case",
});

/** One token of a subject: never customer text, since `.`, `*` and `>` would address other subjects. */
export const subjectToken = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, {
  message: "must be 1 to 64 letters, digits, '_' or '-'",
});

/** Attempts of one item are numbered 1 to 63: the product id holds the attempt in six bits. */
export const maximumAttempts = 63;

/** Attempts at an item that follow from one request of a customer: the one asked for, and two by themselves. */
export const attemptsPerRequest = 3;

/** Outputs of one provider call are numbered 0 to 63: the product id holds the output index in six bits. */
export const maximumOutputsPerCall = 64;

const twoToThe32 = 0x1_0000_0000;

/**
 * The id of an order's item: the order's UUIDv7 with `index` added to its last 32 bits. Injective within an order;
 * two orders would have to share a millisecond and 42 random bits to meet.
 */
export function itemIdOf(orderId: string, index: number): string {
  const last32Bits = (Number.parseInt(orderId.slice(28), 16) + index) % twoToThe32;
  return orderId.slice(0, 28) + last32Bits.toString(16).padStart(8, "0");
}

/**
 * The id of one output of one attempt: the item's id with version 8 and the twelve bits after it holding attempt and
 * output index. Deterministic, so a repeated `item.completed` inserts nothing new.
 * @throws RangeError when attempt or output index does not fit its six bits.
 */
export function productIdOf(itemId: string, attempt: number, outputIndex: number): string {
  if (attempt < 1 || attempt > maximumAttempts) throw new RangeError(`attempt ${attempt} is not within 1..63`);
  if (outputIndex < 0 || outputIndex >= maximumOutputsPerCall) {
    throw new RangeError(`output index ${outputIndex} is not within 0..63`);
  }
  const twelveBits = ((attempt << 6) | outputIndex).toString(16).padStart(3, "0");
  return `${itemId.slice(0, 14)}8${twelveBits}${itemId.slice(18)}`;
}

import { z } from "zod";

/**
 * One variable: `read` answers undefined for text that is not what `expected` says, which completes the sentence
 * "expected …". Without `.default()` or `.optional()` the variable is required.
 */
export function variable<Value>(expected: string, read: (text: string) => Value | undefined) {
  const message = `expected ${expected}`;
  return z.string({ error: message }).transform((text, context): Value => {
    const value = read(text);
    if (value !== undefined) return value;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });
}

/** A whole number in decimal digits, both ends included. */
export function numberVariable(lowest: number, highest: number) {
  return variable(`a number from ${lowest} to ${highest}`, (text) => {
    const number = readNumber(text);
    return number !== undefined && number >= lowest && number <= highest ? number : undefined;
  });
}

/** Digits alone: `Number` would also take an empty text, `1e3` and `0x10`. */
export function readNumber(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** The parts of a comma-separated list, without the space around them; undefined when one is empty. */
export function readList(text: string): string[] | undefined {
  const parts = text.split(",").map((part) => part.trim());
  return parts.every(Boolean) ? parts : undefined;
}

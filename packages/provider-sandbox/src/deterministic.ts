import { hash } from "node:crypto";

/** 32 unsigned bits that depend on every part and on nothing else, so that a run can be repeated from its seed. */
export function hash32(...parts: readonly (string | number)[]): number {
  return Number.parseInt(hash("sha256", parts.join("\u0000"), "hex").slice(0, 8), 16);
}

/** A number in [0, 1) that depends on every part and on nothing else. */
export function uniform(...parts: readonly (string | number)[]): number {
  return hash32(...parts) / 2 ** 32;
}

/** JSON with sorted keys: two equal inputs give one text, whatever order their keys were written in. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)))
      : part,
  );
}

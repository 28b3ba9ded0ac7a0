/** Which single keys and pairs of keys do something. Pure, so that what they mean can be tested without a page. */

/** What a key press asks for. */
export type KeyMeaning = { readonly kind: "jump"; readonly path: string } | { readonly kind: "shortcuts" };

/** The second key after `g`. */
export const jumps = {
  n: { path: "/", title: "New order" },
  o: { path: "/orders", title: "Orders" },
  g: { path: "/gallery", title: "Gallery" },
  q: { path: "/operations", title: "Operations" },
  h: { path: "/health", title: "Health" },
} as const satisfies Record<string, { path: string; title: string }>;

/** How long `g` waits for the second key. */
const pairMs = 1_000;

export interface KeyState {
  /** When `g` was pressed, while its second key is awaited. */
  readonly goSinceMs?: number;
}

/** The state after a key, and what it asks for. */
export function readKey(
  { goSinceMs }: KeyState,
  key: string,
  nowMs: number,
): { readonly state: KeyState; readonly meaning?: KeyMeaning } {
  if (goSinceMs !== undefined && nowMs - goSinceMs <= pairMs) {
    const jump = Object.hasOwn(jumps, key) ? jumps[key as keyof typeof jumps] : undefined;
    if (jump) return { state: {}, meaning: { kind: "jump", path: jump.path } };
  }
  if (key === "g") return { state: { goSinceMs: nowMs } };
  return key === "?" ? { state: {}, meaning: { kind: "shortcuts" } } : { state: {} };
}

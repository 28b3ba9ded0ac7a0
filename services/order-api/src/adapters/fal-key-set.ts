/** The public keys that fal signs its callbacks with, fetched when first needed. */
import { createPublicKey, type KeyObject } from "node:crypto";
import { z } from "zod";

const keySetHost = "rest.fal.ai";
const keySetPath = "/.well-known/jwks.json";
const timeoutMs = 5_000;
/** fal asks to keep them for a day at most. */
const keptMs = 24 * 3_600_000;
/** So that forged callbacks do not make us ask fal for its keys each time. */
const shortestAgeMs = 60_000;

const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string(), crv: z.string().optional() })).max(100) });

export interface FalKeySet {
  /** `fresh`: not from before the last minute, for when a signature is by none of those that are kept. */
  read(options?: { readonly fresh?: boolean }): Promise<readonly KeyObject[]>;
}

/** `baseUrl` moves fal's hosts below it, as in the generator. */
export function createFalKeySet(baseUrl: string | undefined): FalKeySet {
  const origin = baseUrl === undefined ? `https://${keySetHost}` : `${baseUrl.replace(/\/+$/, "")}/${keySetHost}`;
  let kept: { readonly keys: readonly KeyObject[]; readonly at: number } | undefined;
  let fetching: Promise<readonly KeyObject[]> | undefined;
  const fetchKeys = async () => {
    const keys = await fetchKeySet(`${origin}${keySetPath}`);
    kept = { keys, at: performance.now() };
    return keys;
  };
  return {
    async read({ fresh = false } = {}) {
      const longestAgeMs = fresh ? shortestAgeMs : keptMs;
      if (kept && performance.now() - kept.at < longestAgeMs) return kept.keys;
      fetching ??= fetchKeys().finally(() => {
        fetching = undefined;
      });
      return fetching;
    },
  };
}

async function fetchKeySet(address: string): Promise<readonly KeyObject[]> {
  const response = await fetch(address, { redirect: "error", signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new Error(`fal's keys were answered with ${response.status}`);
  const { keys } = keySet.parse(await response.json());
  const usable = keys.filter(({ kty, crv }) => kty === "OKP" && crv === "Ed25519");
  return usable.map((key) => createPublicKey({ key, format: "jwk" }));
}

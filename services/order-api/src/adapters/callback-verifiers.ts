import { ProblemError } from "../errors.ts";
import type { VerifyCallback } from "../ports.ts";
import { isSignedByFal, isSignedByReplicate } from "./callback-signature.ts";
import { createFalKeySet } from "./fal-key-set.ts";

export interface CallbackVerifiersOptions {
  /** In the place of fal's own hosts. */
  readonly falBaseUrl: string | undefined;
  /** Undefined: callbacks of Replicate cannot be told from forged ones, so none is taken. */
  readonly replicateSecret: Uint8Array | undefined;
}

/** By provider, how its callbacks are told from forged ones. */
export function createCallbackVerifiers(options: CallbackVerifiersOptions): ReadonlyMap<string, VerifyCallback> {
  const { falBaseUrl, replicateSecret } = options;
  const falKeys = createFalKeySet(falBaseUrl);
  const readFalKeys = async (fresh: boolean) => {
    try {
      return await falKeys.read({ fresh });
    } catch (cause) {
      // fal calls again later, and we can tell then.
      const headers = { "retry-after": "30" };
      throw new ProblemError("unavailable", "fal's keys cannot be had", { headers, cause });
    }
  };
  const verifiers = new Map<string, VerifyCallback>();
  verifiers.set("fal", async (callback) => {
    if (isSignedByFal(callback, await readFalKeys(false))) return true;
    return isSignedByFal(callback, await readFalKeys(true));
  });
  if (replicateSecret) verifiers.set("replicate", async (callback) => isSignedByReplicate(callback, replicateSecret));
  return verifiers;
}

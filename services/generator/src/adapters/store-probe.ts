import type { BlobStore } from "@tirage/blob-store";

/** A write costs a sync of the disk or a request to S3, and readiness is asked every few seconds. */
const trustedForMs = 30_000;

/**
 * Whether the store takes writes: writes one small blob, and believes a success for half a minute. Disposing removes
 * the blob.
 */
export function createStoreProbe(blobs: BlobStore, workerId: string): { check(): Promise<boolean> } & AsyncDisposable {
  const key = `readiness/${workerId}`;
  let writtenAt = Number.NEGATIVE_INFINITY;
  return {
    async check() {
      if (performance.now() - writtenAt < trustedForMs) return true;
      await blobs.put(key, new Uint8Array(), "application/octet-stream");
      writtenAt = performance.now();
      return true;
    },
    async [Symbol.asyncDispose]() {
      if (writtenAt > 0) await blobs.delete(key).catch(() => undefined);
    },
  };
}

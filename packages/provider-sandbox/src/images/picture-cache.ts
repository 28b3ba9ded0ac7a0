import type { Picture } from "./picture.ts";
import { renderPicture } from "./render-picture.ts";

/** Encoded pictures of recent downloads. */
export interface PictureCache {
  /** The picture's bytes; downloads of one picture at the same time share one rendering. */
  read(picture: Picture): Promise<Buffer>;
}

/**
 * Pictures are rendered when they are downloaded, not when their job completes: an output nobody fetches costs nothing, a
 * finished job holds no bytes, and since a picture follows from its description alone, a later download gets the same bytes.
 * The cache only spares repeated downloads; the oldest pictures leave it once it holds more than `maxBytes`.
 */
export function createPictureCache(maxBytes: number): PictureCache {
  const kept = new Map<string, Buffer>();
  const rendering = new Map<string, Promise<Buffer>>();
  let keptBytes = 0;

  function keep(key: string, bytes: Buffer): void {
    kept.set(key, bytes);
    keptBytes += bytes.length;
    for (const [oldest, { length }] of kept) {
      if (keptBytes <= maxBytes) break;
      kept.delete(oldest);
      keptBytes -= length;
    }
  }

  async function renderAndKeep(key: string, picture: Picture): Promise<Buffer> {
    try {
      const bytes = await renderPicture(picture);
      keep(key, bytes);
      return bytes;
    } finally {
      rendering.delete(key);
    }
  }

  return {
    read(picture) {
      const key = JSON.stringify(picture);
      const bytes = kept.get(key);
      if (bytes) return Promise.resolve(bytes);
      let pending = rendering.get(key);
      if (!pending) {
        pending = renderAndKeep(key, picture);
        rendering.set(key, pending);
      }
      return pending;
    },
  };
}

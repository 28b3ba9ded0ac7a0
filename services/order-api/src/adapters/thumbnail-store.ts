/**
 * Thumbnails, made when they are first asked for and then kept beside their product for good. Here rather than where
 * products are stored, since most products are looked at by nobody, and the generator's time is spent on paid work.
 */
import { buffer } from "node:stream/consumers";
import type { BlobStore } from "@tirage/blob-store";
import type { Logger } from "@tirage/messaging";
import { createLimit, type Limit } from "@tirage/service-kit";
import { ProblemError } from "../errors.ts";
import type { Thumbnails } from "../ports.ts";
import { limitDecoder, shrinkImage, thumbnailFormat } from "./shrink-image.ts";

/** A picture is some MB, and some tens of MB while it is decoded; those that wait their turn hold nothing. */
const madeAtOnce = 2;
const maximumWaiting = 500;
/** What is known not to be decodable is not tried again for as long as this replica remembers it. */
const rememberedFailures = 10_000;

/** Where the thumbnail of the product under the key is kept, once it is made. */
export const thumbnailKeyOf = (key: string): string => `${key}.${thumbnailFormat.recipe}.webp`;

export interface ThumbnailOptions {
  readonly blobs: Pick<BlobStore, "open" | "put" | "stat" | "delete">;
  readonly logger: Logger;
}

export function createThumbnails({ blobs, logger }: ThumbnailOptions): Thumbnails {
  limitDecoder();
  const { recipe, contentType } = thumbnailFormat;
  const inTurn = createTurns();
  const making = new Map<string, ReturnType<Thumbnails["open"]>>();
  const undecodable = new Set<string>();

  /** The sweep of a deleted order removes a product before its thumbnail, so one of both sees that this came too late. */
  const keep = async (key: string, thumbnailKey: string, bytes: Buffer): Promise<void> => {
    await blobs.put(thumbnailKey, bytes, contentType);
    if (!(await blobs.stat(key))) await blobs.delete(thumbnailKey);
  };

  const make = async (key: string, thumbnailKey: string): ReturnType<Thumbnails["open"]> => {
    const content = await blobs.open(key);
    if (!content) return undefined;
    const bytes = await shrinkImage(await buffer(content.stream));
    if (!bytes) {
      undecodable.add(key);
      if (undecodable.size > rememberedFailures) undecodable.clear();
      return "undecodable";
    }
    // Not kept, it is made again the next time: no reason to refuse it now.
    await keep(key, thumbnailKey, bytes).catch((error: unknown) => {
      logger.warn({ err: error, key: thumbnailKey }, "a thumbnail could not be stored");
    });
    return { bytes, contentType };
  };

  const open = async (key: string): ReturnType<Thumbnails["open"]> => {
    const thumbnailKey = thumbnailKeyOf(key);
    const kept = await blobs.open(thumbnailKey);
    if (kept) return { bytes: await buffer(kept.stream), contentType };
    return inTurn(() => make(key, thumbnailKey));
  };
  return {
    recipe,
    async open(key) {
      if (undecodable.has(key)) return "undecodable";
      const before = making.get(key);
      if (before) return before;
      const made = open(key).finally(() => making.delete(key));
      making.set(key, made);
      return made;
    },
  };
}

/** @throws ProblemError when too many wait already. */
function createTurns(): Limit {
  const limit = createLimit(madeAtOnce);
  let asked = 0;
  return async (run) => {
    if (asked >= madeAtOnce + maximumWaiting) {
      const headers = { "retry-after": "5" };
      throw new ProblemError("unavailable", "too many thumbnails are being made; try again", { headers });
    }
    asked += 1;
    try {
      return await limit(run);
    } finally {
      asked -= 1;
    }
  };
}

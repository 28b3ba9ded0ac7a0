import sharp from "sharp";
import { ProblemError } from "../errors.ts";

/** What every thumbnail is made by. Whoever changes it changes `recipe`, and thus keys and tags of thumbnails. */
export const thumbnailFormat = {
  recipe: "webp-512",
  contentType: "image/webp",
  longestSide: 512,
  quality: 78,
} as const;

/** The largest output that a model makes, several times over. */
const maximumPixels = 100_000_000;
const timeoutSeconds = 20;

/**
 * Undefined when the bytes are no image that can be decoded.
 * @throws ProblemError when the machine is too busy to do it in time, which says nothing of the image.
 */
export async function shrinkImage(bytes: Buffer): Promise<Buffer | undefined> {
  const { longestSide, quality } = thumbnailFormat;
  try {
    return await sharp(bytes, { failOn: "error", limitInputPixels: maximumPixels, sequentialRead: true })
      .timeout({ seconds: timeoutSeconds })
      .autoOrient()
      .resize({ width: longestSide, height: longestSide, fit: "inside", withoutEnlargement: true })
      .webp({ quality })
      .toBuffer();
  } catch (error) {
    // The library tells a timeout by its words alone.
    if (!(error instanceof Error) || !error.message.startsWith("timeout:")) return undefined;
    const headers = { "retry-after": "5" };
    throw new ProblemError("unavailable", "the thumbnail could not be made in time; try again", {
      headers,
      cause: error,
    });
  }
}

/** One core for each picture, and nothing kept of it: many are made once, none twice. */
export function limitDecoder(): void {
  sharp.concurrency(1);
  sharp.cache(false);
}

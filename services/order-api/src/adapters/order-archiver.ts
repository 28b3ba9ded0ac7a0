/** An order's products and their manifest as one ZIP, written while it is read: one image is open at a time. */
import { type Readable, finished as whenFinished } from "node:stream";
import { finished } from "node:stream/promises";
import type { Order } from "@tirage/contracts";
import yazl from "yazl";
import {
  type ArchivedImage,
  type ArchivedRow,
  describeArchive,
  describeImage,
  fileNameOf,
} from "../domain/archive-manifest.ts";
import type { BlobReader, OrderArchiver } from "../ports.ts";

export interface ArchiverOptions {
  readonly blobs: Pick<BlobReader, "open">;
  /** Products of an order by index, page after page. */
  readonly readProducts: (orderId: string) => AsyncIterable<ArchivedRow>;
}

export function createOrderArchiver(options: ArchiverOptions): OrderArchiver {
  return {
    archive(order) {
      const zip = new yazl.ZipFile();
      // yazl types its output as something that can be read; it is a PassThrough.
      const output = zip.outputStream as Readable;
      const leaving = new AbortController();
      whenFinished(output, () => leaving.abort());
      zip.on("error", (error: Error) => output.destroy(error));
      fill(zip, order, options, leaving.signal).catch((error: unknown) => {
        output.destroy(error instanceof Error ? error : new Error(String(error)));
      });
      return output;
    },
  };
}

async function fill(
  zip: yazl.ZipFile,
  order: Order,
  { blobs, readProducts }: ArchiverOptions,
  signal: AbortSignal,
): Promise<void> {
  const images: ArchivedImage[] = [];
  const missing: ArchivedImage[] = [];
  for await (const row of readProducts(order.id)) {
    if (signal.aborted) return;
    const image = describeImage(row, fileNameOf(row, order));
    const blob = await blobs.open(row.storageKey);
    if (!blob) {
      missing.push(image);
      continue;
    }
    images.push(image);
    await addImage(zip, image, blob.stream, signal);
  }
  const manifest = describeArchive(order, { archivedAt: new Date(), images, missing });
  zip.addBuffer(Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`), "manifest.json");
  zip.end();
}

/** Resolves when the image was read to its end, which is as fast as the archive is read. */
async function addImage(
  zip: yazl.ZipFile,
  { file, bytes, createdAt }: ArchivedImage,
  stream: Readable,
  signal: AbortSignal,
): Promise<void> {
  const stop = () => stream.destroy();
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    // Images are compressed already.
    const options = { compress: false, size: bytes, mtime: new Date(createdAt) };
    zip.addReadStream(stream, file, options);
    await finished(stream);
  } finally {
    signal.removeEventListener("abort", stop);
    stream.destroy();
  }
}

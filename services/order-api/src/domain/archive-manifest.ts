/** `manifest.json` of an order's archive: what was asked, and where each file comes from. */
import { isTerminal, type Order } from "@tirage/contracts";
import { extensionOf } from "./file-extension.ts";
import type { ProductRow } from "./show-rows.ts";

/** A product of an archive. */
export interface ArchivedRow extends ProductRow {
  readonly attempt: number;
}

export interface ArchivedImage {
  readonly file: string;
  readonly productId: string;
  readonly index: number;
  readonly contentType: string;
  readonly bytes: number;
  readonly width: number | null;
  readonly height: number | null;
  /** Lower-case hexadecimal, of the file. */
  readonly sha256: string;
  readonly seed: number | null;
  readonly attempt: number;
  readonly providerRequestId: string | null;
  readonly workerId: string | null;
  readonly createdAt: string;
}

/** The file of a product, by its place in the order: the same one in every archive of the order. */
export function fileNameOf({ index, contentType }: ProductRow, { plan }: Order): string {
  const digits = Math.max(3, String(plan.totalProducts).length);
  return `${String(index + 1).padStart(digits, "0")}.${extensionOf(contentType)}`;
}

export function describeImage(row: ArchivedRow, file: string): ArchivedImage {
  const { id: productId, index, contentType, bytes, width, height, sha256, seed, attempt } = row;
  const { providerRequestId, workerId, createdAt } = row;
  return {
    ...{ file, productId, index, contentType, bytes, width, height, sha256 },
    ...{ seed: seed === null ? null : Number(seed), attempt, providerRequestId, workerId },
    createdAt: createdAt.toISOString(),
  };
}

/** `missing` names products whose files could not be found. */
export function describeArchive(
  order: Order,
  contents: {
    readonly archivedAt: Date;
    readonly images: readonly ArchivedImage[];
    readonly missing: readonly ArchivedImage[];
  },
) {
  const { id, status, partial, provider, model, modelVersion, prompt, parameters, metadata, seed, plan } = order;
  const { createdAt, startedAt, finishedAt, progress } = order;
  const { archivedAt, images, missing } = contents;
  return {
    order: {
      ...{ id, status, partial, provider, model, modelVersion, prompt, parameters, metadata, seed, plan },
      ...{ createdAt, startedAt, finishedAt },
    },
    archivedAt: archivedAt.toISOString(),
    /** Nothing more will come, and nothing that came is missing. */
    complete: isTerminal(status) && missing.length === 0,
    requested: progress.products.requested,
    images,
    missing,
  };
}

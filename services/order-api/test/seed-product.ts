import { createHash, randomBytes } from "node:crypto";
import { pathToFileURL } from "node:url";
import { createBlobStore } from "@tirage/blob-store";
import { itemIdOf, maximumOutputsPerCall, productIdOf } from "@tirage/contracts";
import type { TestOrderApi } from "./start-order-api.ts";

export interface SeededProduct {
  readonly id: string;
  readonly bytes: Buffer;
  readonly sha256: string;
}

/** Stores an output as the generator does, and its row as the aggregator does. */
export async function seedProduct(
  api: TestOrderApi,
  orderId: string,
  index = 0,
  bytes = randomBytes(1_000),
): Promise<SeededProduct> {
  const id = productIdOf(
    itemIdOf(orderId, Math.floor(index / maximumOutputsPerCall)),
    1,
    index % maximumOutputsPerCall,
  );
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const key = `local/${orderId}/0/1/${index}.png`;
  await using store = createBlobStore(pathToFileURL(api.blobFolder).href);
  await store.put(key, bytes, "image/png");
  await api.pool.query(
    `INSERT INTO products (id, order_id, order_item_id, index, output_index, storage_key, content_type, bytes, width, height, sha256, seed,
       order_version)
     SELECT $1, $2, $3, $4, $4, $5, 'image/png', $6, 64, 64, $7, 7, version + 1 FROM orders WHERE id = $2`,
    [id, orderId, itemIdOf(orderId, 0), index, key, bytes.length, sha256],
  );
  return { id, bytes, sha256 };
}

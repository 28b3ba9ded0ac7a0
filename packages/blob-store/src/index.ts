/** Where outputs are kept: files or S3, behind one interface. The generator writes, order-api reads. */
export type { BlobInformation, BlobStore, ByteRange, OpenedBlob } from "./blob-store.ts";
export { createBlobStore } from "./create-blob-store.ts";

import type { Readable } from "node:stream";

/** Part of a blob: first and last byte, 0-based, both included. A last byte past the end means to the end. */
export interface ByteRange {
  readonly start: number;
  readonly end?: number | undefined;
}

export interface BlobInformation {
  /** Length of the whole blob, also when a part of it was asked for. */
  readonly bytes: number;
  /** Undefined where the store does not keep it. */
  readonly contentType?: string | undefined;
}

/** A blob to be read. The reader must read the stream to its end or destroy it. */
export interface OpenedBlob extends BlobInformation {
  readonly stream: Readable;
}

/**
 * Bytes under keys such as `019…/0/1/0.png`: 1 to 500 characters, segments of letters, digits, `.`, `_` and `-` that do
 * not start with a dot, separated by `/`. Every method throws a RangeError for any other key.
 */
export interface BlobStore extends AsyncDisposable {
  /** All or nothing: a reader sees the old bytes or the new ones. When it returns, the bytes are on disk or with S3. */
  put(key: string, bytes: Uint8Array, contentType: string): Promise<void>;
  /**
   * Undefined when there is no such blob.
   * @throws RangeError when the range starts at or past the end.
   */
  open(key: string, range?: ByteRange): Promise<OpenedBlob | undefined>;
  /** Undefined when there is no such blob. */
  stat(key: string): Promise<BlobInformation | undefined>;
  /** Deleting what is not there is no error. */
  delete(key: string): Promise<void>;
}

import { Readable } from "node:stream";
import type { S3Client } from "@aws-sdk/client-s3";
import { checkBlobKey } from "./blob-key.ts";
import type { BlobStore, ByteRange, OpenedBlob } from "./blob-store.ts";

const connectionTimeoutMs = 5_000;
/** Longest silence of the server while a request runs. */
const requestTimeoutMs = 30_000;

/** Where the blobs are; credentials come from the AWS default chain (environment, profile, role of the machine). */
export interface S3Location {
  readonly bucket: string;
  /** In front of every key, e.g. `tirage/`; empty: none. */
  readonly prefix: string;
  /** Another S3-speaking server, addressed as `<endpoint>/<bucket>/<key>`. */
  readonly endpoint: string | undefined;
  readonly region: string | undefined;
}

type S3Library = typeof import("@aws-sdk/client-s3");

/** The library and one client of it. */
interface S3Access {
  readonly library: S3Library;
  readonly client: S3Client;
}

/** Blobs as objects of a bucket. The S3 library is loaded when the store is first used: most installations have files. */
export function createS3BlobStore({ bucket, prefix, endpoint, region }: S3Location): BlobStore {
  let access: Promise<S3Access> | undefined;
  const connect = () => {
    access ??= loadS3(endpoint, region);
    return access;
  };
  const addressOf = (key: string) => {
    checkBlobKey(key);
    return { Bucket: bucket, Key: `${prefix}${key}` };
  };
  return {
    async put(key, bytes, contentType) {
      const address = addressOf(key);
      const { library, client } = await connect();
      await client.send(new library.PutObjectCommand({ ...address, Body: bytes, ContentType: contentType }));
    },
    async open(key, range) {
      return readObject(await connect(), addressOf(key), range);
    },
    async stat(key) {
      const address = addressOf(key);
      const { library, client } = await connect();
      const found = await undefinedWhenMissing(client.send(new library.HeadObjectCommand(address)));
      return found && { bytes: found.ContentLength ?? 0, contentType: found.ContentType };
    },
    async delete(key) {
      const address = addressOf(key);
      const { library, client } = await connect();
      await client.send(new library.DeleteObjectCommand(address));
    },
    async [Symbol.asyncDispose]() {
      (await access)?.client.destroy();
    },
  };
}

async function loadS3(endpoint: string | undefined, region: string | undefined): Promise<S3Access> {
  const library = await import("@aws-sdk/client-s3");
  const client = new library.S3Client({
    requestHandler: { connectionTimeout: connectionTimeoutMs, requestTimeout: requestTimeoutMs },
    ...(region !== undefined && { region }),
    // Other servers often have neither bucket subdomains nor AWS's newer checksums, and any region does for them.
    ...(endpoint !== undefined && {
      endpoint,
      region: region ?? "us-east-1",
      forcePathStyle: true,
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
    }),
  });
  return { library, client };
}

async function readObject(
  { library, client }: S3Access,
  address: { Bucket: string; Key: string },
  range: ByteRange | undefined,
): Promise<OpenedBlob | undefined> {
  const command = new library.GetObjectCommand({
    ...address,
    ...(range && { Range: `bytes=${range.start}-${range.end ?? ""}` }),
  });
  const found = await undefinedWhenMissing(client.send(command));
  if (!found) return undefined;
  if (!(found.Body instanceof Readable)) throw new Error("S3 answered without a body that can be streamed");
  return { stream: found.Body, bytes: wholeLength(found), contentType: found.ContentType };
}

/** `Content-Range: bytes 0-99/1234` has the whole length; without a range the content length is it. */
function wholeLength(found: { ContentRange?: string | undefined; ContentLength?: number | undefined }): number {
  const total = /\/(\d+)$/.exec(found.ContentRange ?? "")?.[1];
  return total === undefined ? (found.ContentLength ?? 0) : Number(total);
}

async function undefinedWhenMissing<Result>(operation: Promise<Result>): Promise<Result | undefined> {
  try {
    return await operation;
  } catch (error) {
    const { name, message } = error as Error;
    // A missing bucket (NoSuchBucket) is a mistake in the configuration and stays an error.
    if (name === "NoSuchKey" || name === "NotFound") return undefined;
    if (name === "InvalidRange") throw new RangeError(message, { cause: error });
    throw error;
  }
}

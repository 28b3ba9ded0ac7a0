import { fileURLToPath } from "node:url";
import type { BlobStore } from "./blob-store.ts";
import { createFileBlobStore } from "./file-blob-store.ts";
import { createS3BlobStore, type S3Location } from "./s3-blob-store.ts";

/**
 * The store that `BLOB_URL` names: `file:///folder`, or `s3://bucket?endpoint=…&region=…&prefix=…`. Opens nothing yet.
 * @throws TypeError with a readable sentence for any other address.
 */
export function createBlobStore(blobUrl: string): BlobStore {
  const url = URL.canParse(blobUrl) ? new URL(blobUrl) : undefined;
  if (url?.protocol === "file:") return createFileBlobStore(readFolder(url));
  if (url?.protocol === "s3:") return createS3BlobStore(readS3Location(url));
  throw new TypeError("the blob store's address must start with file:/// or s3://");
}

function readFolder(url: URL): string {
  if (url.host !== "" || url.search !== "" || url.hash !== "") {
    throw new TypeError("a file address is file:/// and a folder, e.g. file:///var/lib/tirage/blobs");
  }
  return fileURLToPath(url);
}

const s3Settings = ["endpoint", "region", "prefix"];

function readS3Location(url: URL): S3Location {
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(url.hostname))
    throw new TypeError("an s3 address is s3:// and a bucket");
  if (url.username !== "" || url.password !== "") {
    throw new TypeError("keys do not belong in an s3 address; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
  }
  const unknown = [...url.searchParams.keys()].find((name) => !s3Settings.includes(name));
  if (unknown !== undefined) throw new TypeError(`an s3 address has no ${unknown}; it has ${s3Settings.join(", ")}`);
  const endpoint = url.searchParams.get("endpoint") ?? undefined;
  if (endpoint !== undefined && !/^https?:\/\//.test(endpoint))
    throw new TypeError("endpoint must be an http(s) address");
  const prefix = [url.pathname, url.searchParams.get("prefix") ?? ""].flatMap((part) => part.split("/"));
  return {
    bucket: url.hostname,
    prefix: prefix
      .filter((segment) => segment !== "")
      .map((segment) => `${segment}/`)
      .join(""),
    endpoint,
    region: url.searchParams.get("region") ?? undefined,
  };
}

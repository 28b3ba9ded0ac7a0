import { expect, test } from "vitest";
import { createBlobStore } from "./create-blob-store.ts";

test.each([
  "file:///var/lib/tirage/blobs",
  "s3://outputs",
  "s3://outputs?endpoint=http://127.0.0.1:9000&region=eu-west-1&prefix=a/b",
])("createBlobStore: %s, a store that has opened nothing yet", (address) => {
  expect(createBlobStore(address)).toHaveProperty("put");
});

test.each([
  ["", /file:\/\/\/ or s3:\/\//],
  ["/var/lib/blobs", /file:\/\/\/ or s3:\/\//],
  ["http://host/bucket", /file:\/\/\/ or s3:\/\//],
  ["file://host/folder", /file:\/\/\/ and a folder/],
  ["s3://", /s3:\/\/ and a bucket/],
  ["s3://key:secret@outputs", /AWS_ACCESS_KEY_ID/],
  ["s3://outputs?end_point=http://x", /has no end_point/],
  ["s3://outputs?endpoint=minio:9000", /http\(s\) address/],
])("createBlobStore: %j, refused with a sentence that says what is wrong", (address, sentence) => {
  expect(() => createBlobStore(address)).toThrow(sentence);
});

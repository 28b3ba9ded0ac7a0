import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import S3rver from "@20minutes/s3rver";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { type BlobStore, createBlobStore } from "../src/index.ts";

/** Where each kind of store is, once `beforeAll` has made it. */
const addresses = { file: "", s3: "" };
let folder: string;
let s3Server: S3rver;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tirage-blobs-"));
  addresses.file = pathToFileURL(join(folder, "not-yet-there")).href;
  vi.stubEnv("AWS_ACCESS_KEY_ID", "S3RVER");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "S3RVER");
  s3Server = new S3rver({
    address: "127.0.0.1",
    port: 0,
    directory: join(folder, "s3"),
    silent: true,
    configureBuckets: [{ name: "outputs" }],
  });
  const { port } = await s3Server.run();
  addresses.s3 = `s3://outputs?endpoint=http://127.0.0.1:${port}&prefix=tirage`;
});

afterAll(async () => {
  await s3Server.close();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

function openStore(kind: keyof typeof addresses): BlobStore {
  const store = createBlobStore(addresses[kind]);
  onTestFinished(() => store[Symbol.asyncDispose]());
  return store;
}

async function read(store: BlobStore, key: string): Promise<Buffer | undefined> {
  const opened = await store.open(key);
  return opened && buffer(opened.stream);
}

describe.each(["file", "s3"] as const)("%s blob store", (kind) => {
  test("put: new key in new folders, the same bytes come back with their length", async () => {
    const store = openStore(kind);
    const bytes = randomBytes(300_000);

    await store.put("order-1/0/1/0.png", bytes, "image/png");

    expect(await store.stat("order-1/0/1/0.png")).toMatchObject({ bytes: 300_000 });
    expect((await read(store, "order-1/0/1/0.png"))?.equals(bytes)).toBe(true);
  });

  test("put: key that exists, the new bytes take the place of the old", async () => {
    const store = openStore(kind);
    await store.put("replaced.webp", Buffer.from("old and longer"), "image/webp");

    await store.put("replaced.webp", Buffer.from("new"), "image/webp");

    expect((await read(store, "replaced.webp"))?.toString()).toBe("new");
  });

  test("put: the same key from many at once, one of the contents stands whole", async () => {
    const store = openStore(kind);
    const contents = Array.from({ length: 8 }, (_, index) => Buffer.alloc(50_000, index));

    await Promise.all(contents.map((bytes) => store.put("contested.png", bytes, "image/png")));

    const found = await read(store, "contested.png");
    expect(contents.some((bytes) => found?.equals(bytes))).toBe(true);
  });

  test("put: no bytes, an empty blob that exists", async () => {
    const store = openStore(kind);

    await store.put("empty.bin", new Uint8Array(), "application/octet-stream");

    expect(await store.stat("empty.bin")).toMatchObject({ bytes: 0 });
    expect(await read(store, "empty.bin")).toHaveLength(0);
  });

  test.each([
    ["from the middle", { start: 2, end: 4 }, "234"],
    ["to the end", { start: 7 }, "789"],
    ["past the end", { start: 8, end: 1_000 }, "89"],
    ["one byte", { start: 5, end: 5 }, "5"],
  ])("open: range %s, only that part and the whole length", async (_case, range, part) => {
    const store = openStore(kind);
    await store.put("digits.txt", Buffer.from("0123456789"), "text/plain");

    const opened = await store.open("digits.txt", range);

    expect(opened?.bytes).toBe(10);
    expect(opened && (await buffer(opened.stream)).toString()).toBe(part);
  });

  test("open: range that starts at the end, RangeError", async () => {
    const store = openStore(kind);
    await store.put("digits.txt", Buffer.from("0123456789"), "text/plain");

    await expect(store.open("digits.txt", { start: 10 })).rejects.toThrow(RangeError);
  });

  test("open, stat and delete: key that is not there, undefined and no error", async () => {
    const store = openStore(kind);

    expect(await store.open("nothing/here.png")).toBeUndefined();
    expect(await store.stat("nothing/here.png")).toBeUndefined();
    await expect(store.delete("nothing/here.png")).resolves.toBeUndefined();
  });

  test("delete: key that is there, gone", async () => {
    const store = openStore(kind);
    await store.put("gone.png", Buffer.from("x"), "image/png");

    await store.delete("gone.png");

    expect(await store.stat("gone.png")).toBeUndefined();
  });

  test.each([
    ["that climbs", "../escape"],
    ["that climbs from within", "a/../../b"],
    ["from the root", "/etc/passwd"],
    ["with an empty segment", "a//b"],
    ["that is hidden", ".hidden"],
    ["with a hidden segment", "a/.b"],
    ["without characters", ""],
    ["with a backslash", "a\\b"],
    ["with a null byte", "a\0b"],
    ["with a letter outside ASCII", "ü"],
    ["that is too long", "x".repeat(501)],
  ])("every method: key %s, RangeError and nothing touched", async (_case, key) => {
    const store = openStore(kind);

    await expect(store.put(key, Buffer.from("x"), "text/plain")).rejects.toThrow(RangeError);
    await expect(store.open(key)).rejects.toThrow(RangeError);
    await expect(store.stat(key)).rejects.toThrow(RangeError);
    await expect(store.delete(key)).rejects.toThrow(RangeError);
  });
});

test("file blob store: put that cannot be finished, no half-written file is left", async () => {
  const store = openStore("file");
  const root = new URL(`${addresses.file}/`);
  await store.put("taken/inner.png", Buffer.from("x"), "image/png");

  await expect(store.put("taken", Buffer.from("y"), "image/png")).rejects.toThrow();

  expect((await readdir(root)).filter((name) => name.startsWith("."))).toEqual([]);
});

test("file blob store: leftover of a crash beside a blob, neither served nor in the way", async () => {
  const store = openStore("file");
  await store.put("crashed/0.png", Buffer.from("whole"), "image/png");
  await writeFile(new URL(`${addresses.file}/crashed/.0.png.left.writing`), "hal");

  await store.put("crashed/0.png", Buffer.from("again"), "image/png");

  expect((await read(store, "crashed/0.png"))?.toString()).toBe("again");
});

test("s3 blob store: content type given to put, told by stat and open", async () => {
  const store = openStore("s3");
  await store.put("typed.webp", Buffer.from("x"), "image/webp");

  const opened = await store.open("typed.webp");
  opened?.stream.destroy();

  expect(opened?.contentType).toBe("image/webp");
  expect(await store.stat("typed.webp")).toEqual({ bytes: 1, contentType: "image/webp" });
});

test("s3 blob store: bucket that does not exist, an error and not a missing blob", async () => {
  const store = createBlobStore(addresses.s3.replace("s3://outputs", "s3://other-bucket"));
  onTestFinished(() => store[Symbol.asyncDispose]());

  await expect(store.open("any.png")).rejects.toThrow(/bucket/i);
});

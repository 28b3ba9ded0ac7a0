import { randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { checkBlobKey } from "./blob-key.ts";
import type { BlobStore, ByteRange, OpenedBlob } from "./blob-store.ts";

/**
 * Blobs as files below a folder, which is created when first written to. A file is written beside its place, synced and
 * renamed, so a crash leaves the whole blob or none; a leftover `.….writing` file may be deleted. Content types are not
 * kept: the key's extension tells.
 */
export function createFileBlobStore(folder: string): BlobStore {
  const pathOf = (key: string) => {
    checkBlobKey(key);
    return join(folder, key);
  };
  return {
    async put(key, bytes) {
      const path = pathOf(key);
      const temporaryPath = join(dirname(path), `.${basename(path)}.${randomUUID()}.writing`);
      try {
        await writeSynced(temporaryPath, bytes);
        await rename(temporaryPath, path);
      } catch (error) {
        await rm(temporaryPath, { force: true });
        throw error;
      }
    },
    async open(key, range) {
      const file = await undefinedWhenMissing(open(pathOf(key), "r"));
      return file && (await readFrom(file, range));
    },
    async stat(key) {
      const found = await undefinedWhenMissing(stat(pathOf(key)));
      return found?.isFile() ? { bytes: found.size } : undefined;
    },
    async delete(key) {
      await rm(pathOf(key), { force: true });
    },
    async [Symbol.asyncDispose]() {},
  };
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await createFile(path);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Most folders exist already: they are only made when the file cannot be created. */
async function createFile(path: string): Promise<FileHandle> {
  const file = await undefinedWhenMissing(open(path, "wx"));
  if (file) return file;
  await mkdir(dirname(path), { recursive: true });
  return open(path, "wx");
}

/** The stream closes the file. */
async function readFrom(file: FileHandle, range: ByteRange | undefined): Promise<OpenedBlob | undefined> {
  try {
    const found = await file.stat();
    if (!found.isFile()) {
      await file.close();
      return undefined;
    }
    const { start = 0, end } = range ?? {};
    if (range && start >= found.size) throw new RangeError(`byte ${start} is past the end of ${found.size} bytes`);
    return { stream: file.createReadStream({ start, end }), bytes: found.size };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function undefinedWhenMissing<Result>(operation: Promise<Result>): Promise<Result | undefined> {
  try {
    return await operation;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // ENOTDIR: a segment of the key is a blob itself.
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Client, Product } from "@tirage/client";
import { CommandFailure } from "../failures.ts";
import { placeOf } from "../output/units.ts";

export interface SavedProduct {
  readonly file: string;
  /** It lay there already, byte for byte. */
  readonly wasThere: boolean;
}

/** A folder that products are downloaded into. */
export interface ProductFolder {
  /** The file has its name only once it is whole. */
  save(product: Product): Promise<SavedProduct>;
}

interface FolderOptions {
  readonly client: Client;
  readonly signal: AbortSignal;
}

/** Answers with the folder made, and without what a killed run left in it half. */
export async function openProductFolder(folder: string, { client, signal }: FolderOptions): Promise<ProductFolder> {
  await mkdir(folder, { recursive: true });
  await removeLeftovers(folder);
  return {
    async save(product) {
      const file = join(folder, nameOfProduct(product));
      if (await isWhole(file, product)) return { file, wasThere: true };
      const bytes = await client.products.download(product.id, { signal });
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      if (sha256 !== product.sha256) {
        throw new CommandFailure(`product ${product.id} came with other bytes than were made (sha256 ${sha256})`);
      }
      await writeWhole(file, join(folder, temporaryNameOf(product)), bytes);
      return { file, wasThere: false };
    },
  };
}

const endings: Readonly<Record<string, string>> = { jpeg: "jpg", "svg+xml": "svg", quicktime: "mov", mpeg: "mp3" };

/** `<order>-007.jpg` is the seventh image: the same on every run, and unlike that of any other order. */
export function nameOfProduct({ orderId, index, contentType }: Product): string {
  const [, subtype = ""] = contentType.split(";")[0]?.trim().toLowerCase().split("/") ?? [];
  const ending = endings[subtype] ?? (/^[a-z0-9]{1,8}$/.test(subtype) ? subtype : "bin");
  return `${orderId.replace(/[^\w-]/g, "_")}-${placeOf(index).padStart(3, "0")}.${ending}`;
}

/** Holds who writes it, so that two runs into one folder do not write into one file. */
const temporaryNameOf = (product: Product): string => `.${nameOfProduct(product)}.${process.pid}.tirage-part`;

async function isWhole(file: string, { bytes, sha256 }: Product): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile() || found.size !== bytes) return false;
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex") === sha256;
}

async function writeWhole(file: string, temporary: string, bytes: Uint8Array): Promise<void> {
  try {
    const handle = await open(temporary, "w");
    try {
      await handle.writeFile(bytes);
      // Else a power cut could leave the name without the bytes.
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, pid] = /\.(\d+)\.tirage-part$/.exec(name) ?? [];
    if (pid !== undefined && !isRunning(Number(pid))) await rm(join(folder, name), { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

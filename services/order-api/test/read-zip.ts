import { buffer } from "node:stream/consumers";
import { crc32 } from "node:zlib";
import yauzl from "yauzl";

export interface ZippedFile {
  readonly name: string;
  readonly isCompressed: boolean;
  readonly bytes: Buffer;
}

/** The files of an archive by its directory; a file whose checksum or length is wrong rejects. */
export async function readZip(archive: Buffer): Promise<ZippedFile[]> {
  const zip = await yauzl.fromBufferPromise(archive);
  const files: ZippedFile[] = [];
  for await (const entry of zip.eachEntry()) {
    const bytes = await buffer(await zip.openReadStreamPromise(entry));
    if (crc32(bytes) !== entry.crc32) throw new Error(`${entry.fileName} is not what its checksum says`);
    files.push({ name: entry.fileName, isCompressed: entry.compressionMethod !== 0, bytes });
  }
  return files;
}

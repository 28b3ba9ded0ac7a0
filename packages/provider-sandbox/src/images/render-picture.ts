import sharp, { type Sharp } from "sharp";
import { drawLandscape } from "./draw-landscape.ts";
import type { Picture, PictureFormat } from "./picture.ts";

// One thread a picture and no operation cache: the sandbox shares its machine with the system under test.
sharp.concurrency(1);
sharp.cache(false);

const encoders: Readonly<Record<PictureFormat, (image: Sharp) => Sharp>> = {
  png: (image) => image.png({ compressionLevel: 3 }),
  jpeg: (image) => image.jpeg({ quality: 80 }),
  webp: (image) => image.webp({ quality: 80, effort: 0 }),
};

/** Draws and encodes a picture. Its seed and index are written into its metadata, so no two outputs share their bytes. */
export async function renderPicture(picture: Picture): Promise<Buffer> {
  const image = sharp(Buffer.from(drawLandscape(picture)))
    .flatten({ background: "#000" })
    .withExif({ IFD0: { ImageDescription: `provider sandbox, seed ${picture.seed}, output ${picture.index}` } });
  return encoders[picture.format](image).toBuffer();
}

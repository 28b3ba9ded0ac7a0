import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, type Product } from "@tirage/client";
import { expect, test } from "vitest";
import { nameOfProduct, openProductFolder } from "./product-folder.ts";

const bytes = Buffer.from("an image");
const sha256 = createHash("sha256").update(bytes).digest("hex");
const product: Product = {
  ...{ id: "p-1", orderId: "o-1", itemId: "i-1", index: 7, contentType: "image/jpeg", bytes: bytes.length, sha256 },
  ...{ provider: "fal", model: "m", workerId: null, providerRequestId: null, durationMs: null },
  ...{ width: 1, height: 1, seed: 1, createdAt: "2026-11-24T00:00:00Z", urls: { content: "", thumbnail: "" } },
};

/** A folder, and a client whose API has these bytes for every product. */
async function openFolder(content: Uint8Array<ArrayBuffer> = bytes, before: Record<string, string> = {}) {
  const path = await mkdtemp(join(tmpdir(), "tirage-folder-"));
  for (const [name, text] of Object.entries(before)) await writeFile(join(path, name), text);
  const counts = { downloads: 0 };
  const client = createClient({
    baseUrl: "http://api",
    async fetch() {
      counts.downloads += 1;
      return new Response(content);
    },
  });
  const folder = await openProductFolder(path, { client, signal: new AbortController().signal });
  return { folder, path, counts, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

test.each([
  ["image/jpeg", "o-1-008.jpg"],
  ["image/png; charset=x", "o-1-008.png"],
  ["image/svg+xml", "o-1-008.svg"],
  ["application/../../etc", "o-1-008.bin"],
  ["", "o-1-008.bin"],
])("nameOfProduct: of %s, %s", (contentType, name) => {
  expect(nameOfProduct({ ...product, contentType })).toBe(name);
});

test("nameOfProduct: an order's id with a way out of the folder, it stays inside", () => {
  expect(nameOfProduct({ ...product, orderId: "../../x" })).toBe("______x-008.jpg");
});

test("save: twice, downloaded once and there both times", async () => {
  await using opened = await openFolder();

  const first = await opened.folder.save(product);
  const second = await opened.folder.save(product);

  expect([first.wasThere, second.wasThere, opened.counts.downloads]).toEqual([false, true, 1]);
  expect(await readFile(first.file, "utf8")).toBe("an image");
  expect(await readdir(opened.path)).toEqual(["o-1-008.jpg"]);
});

test("save: a file of the same length and other bytes lies there, it is replaced", async () => {
  await using opened = await openFolder(bytes, { "o-1-008.jpg": "no image" });

  expect((await opened.folder.save(product)).wasThere).toBe(false);
  expect(await readFile(join(opened.path, "o-1-008.jpg"), "utf8")).toBe("an image");
});

test("save: other bytes come than were made, refused and nothing is written", async () => {
  await using opened = await openFolder(Buffer.from("an imagf"));

  await expect(opened.folder.save(product)).rejects.toThrow("product p-1 came with other bytes than were made");
  expect(await readdir(opened.path)).toEqual([]);
});

test("openProductFolder: halves of a dead and of a living process, the dead one's goes", async () => {
  const living = `.o-1-002.jpg.${process.pid}.tirage-part`;
  await using opened = await openFolder(bytes, { ".o-1-001.jpg.999999999.tirage-part": "", [living]: "", ".note": "" });

  expect((await readdir(opened.path)).sort()).toEqual([".note", living]);
});

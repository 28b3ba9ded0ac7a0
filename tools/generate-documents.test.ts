import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { generatedDocuments } from "./generate-documents.ts";

test.each(generatedDocuments())(
  "generated documents: $path, is what the contracts and the commands say now",
  async ({ path, content }) => {
    const committed = await readFile(new URL(`../${path}`, import.meta.url), "utf8");
    expect(committed, `${path} is stale: run node tools/generate-documents.ts`).toBe(content);
  },
);

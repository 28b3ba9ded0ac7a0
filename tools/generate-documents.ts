/** Writes the documents that are generated from the contracts: `node tools/generate-documents.ts`. */
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { asyncApiDocument, flowDocument } from "@tirage/contracts/documents";
import { stringify } from "yaml";

/** Path from the repository's root, and content. */
export function generatedDocuments(): { path: string; content: string }[] {
  return [
    { path: "docs/asyncapi.yaml", content: stringify(asyncApiDocument(), { aliasDuplicateObjects: false }) },
    { path: "docs/flow.md", content: flowDocument() },
  ];
}

if (import.meta.main) {
  for (const { path, content } of generatedDocuments()) {
    await writeFile(fileURLToPath(new URL(`../${path}`, import.meta.url)), content);
  }
}

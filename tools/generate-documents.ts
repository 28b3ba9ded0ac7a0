/** Writes the documents that are generated from the contracts and the commands: `node tools/generate-documents.ts`. */
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { asyncApiDocument, flowDocument } from "@tirage/contracts/documents";
import { stringify } from "yaml";
import { cliDocument } from "./cli-document.ts";

/** Path from the repository's root, and content. */
export function generatedDocuments(): { path: string; content: string }[] {
  return [
    { path: "docs/asyncapi.yaml", content: stringify(asyncApiDocument(), { aliasDuplicateObjects: false }) },
    { path: "docs/flow.md", content: flowDocument() },
    { path: "docs/cli.md", content: cliDocument() },
  ];
}

if (import.meta.main) {
  for (const { path, content } of generatedDocuments()) {
    await writeFile(fileURLToPath(new URL(`../${path}`, import.meta.url)), content);
  }
}

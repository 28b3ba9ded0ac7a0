import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { clientTypesFile, generateClientTypes } from "./generate-client-types.ts";

test("the client's types: the API's document generated anew, the same (else: node tools/generate-client-types.ts)", async () => {
  expect(await readFile(clientTypesFile, "utf8")).toBe(await generateClientTypes());
});

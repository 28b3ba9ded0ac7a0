import openapiTypescript, { astToString } from "openapi-typescript";

const heading = "/** Generated from the OpenAPI document of order-api: `node tools/generate-client-types.ts`. */\n";

/** The types of everything that an OpenAPI document describes, as TypeScript source. What has a default may be left out. */
export async function typesOfDocument(document: string): Promise<string> {
  return heading + astToString(await openapiTypescript(document, { silent: true, defaultNonNullable: false }));
}

/** Writes the types of `@tirage/client` from the API's OpenAPI document: `node tools/generate-client-types.ts`. */
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { typesOfDocument } from "../packages/client/generate/types-of-document.ts";
import { createLogger } from "../packages/service-kit/src/index.ts";
import { createApp } from "../services/order-api/src/app.ts";
import type { Dependencies } from "../services/order-api/src/dependencies.ts";

/** The file of the types. */
export const clientTypesFile = fileURLToPath(new URL("../packages/client/src/generated/api.ts", import.meta.url));

/** What the file should hold. The application is built and described, and never asked anything. */
export async function generateClientTypes(): Promise<string> {
  const logger = createLogger({ service: "document", instanceId: "document", level: "silent" });
  const described = { logger, version: "0.0.0", providers: [], apiKeys: undefined, rateLimitPerMinute: 0, metrics: {} };
  const app = await createApp(described as unknown as Dependencies);
  try {
    return await typesOfDocument(JSON.stringify(app.swagger()));
  } finally {
    await app.close();
  }
}

if (import.meta.main) await writeFile(clientTypesFile, await generateClientTypes());

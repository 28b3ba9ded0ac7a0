import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { checkBoundaries } from "./check-boundaries.ts";

const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** A repository that holds just these files, on disk, so that what is planted is also looked for there. */
async function plant(files: Record<string, string>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "tirage-boundaries-"));
  folders.push(root);
  for (const [path, source] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), source);
  }
  return root;
}

const header = "// item.completed -> order.updated\n";

/** Rule, file, and what stands on its second line; the first says why there is a second. */
const wrong: [rule: string, path: string, statement: string][] = [
  ["contracts-zod-only", "packages/contracts/src/a.ts", 'import { join } from "node:path";'],
  ["contracts-zod-only", "packages/contracts/src/a.ts", 'import pino from "pino";'],
  ["contracts-zod-only", "packages/contracts/src/a.ts", 'import { readFileSync } from "fs";'],
  ["model-catalog-data-only", "packages/model-catalog/src/a.ts", 'import { z } from "zod";'],
  ["workspace-arrows", "packages/messaging/src/a.ts", 'import { createPool } from "@tirage/database";'],
  ["workspace-arrows", "packages/blob-store/src/a.ts", 'export * from "@tirage/dispatcher";'],
  ["workspace-arrows", "services/generator/src/a.ts", 'import { start } from "@tirage/order-api";'],
  ["workspace-arrows", "packages/not-in-the-table/src/a.ts", 'import { plan } from "@tirage/contracts";'],
  ["through-the-front-door", "services/generator/src/a.ts", 'import { start } from "../../dispatcher/src/start.ts";'],
  ["through-the-front-door", "packages/messaging/src/a.ts", 'import { plan } from "../../contracts/src/plan.ts";'],
  ["through-the-front-door", "packages/messaging/test/a.ts", 'import { start } from "../../../services/b/src/c.ts";'],
  ["owned-library", "services/generator/src/adapters/a.ts", 'import { connect } from "@nats-io/transport-node";'],
  ["owned-library", "services/order-api/src/adapters/a.ts", 'import { PrismaPg } from "@prisma/adapter-pg";'],
  ["owned-library", "packages/service-kit/src/a.ts", 'import { defineConfig } from "prisma/config";'],
  ["owned-library", "services/order-api/src/place-orders.ts", 'import type { Pool } from "pg";'],
  ["owned-library", "services/generator/src/flow/a.ts", 'const { fal } = await import("@fal-ai/client");'],
  ["owned-library", "packages/provider-sandbox/src/a.ts", 'import Replicate from "replicate";'],
  ["owned-library", "services/order-api/src/adapters/a.ts", 'import { S3Client } from "@aws-sdk/client-s3";'],
  ["nats-only-in-messaging", "tests/a.ts", 'import { connect } from "@nats-io/transport-node";'],
  ["domain-is-pure", "services/order-api/src/domain/a.ts", 'import { randomUUID } from "node:crypto";'],
  ["domain-is-pure", "services/order-api/src/domain/a.ts", 'import type { OrderStore } from "../ports.ts";'],
  ["domain-is-pure", "services/order-api/src/domain/a.ts", 'import { RetryLaterError } from "@tirage/messaging";'],
  ["doors-know-no-drivers", "services/order-api/src/routes/a.ts", 'import { readFile } from "node:fs/promises";'],
  ["doors-know-no-drivers", "services/order-api/src/routes/a.ts", 'import { createPool } from "@tirage/database";'],
  ["doors-know-no-drivers", "services/order-api/src/routes/a.ts", 'import type { Config } from "../config.ts";'],
  ["adapters-plugged-in-at-the-start", "services/order-api/src/routes/a.ts", 'import { b } from "../adapters/b.ts";'],
  ["adapters-plugged-in-at-the-start", "services/order-api/src/a.ts", 'import type { B } from "./adapters/b.ts";'],
  ["adapters-know-no-doors", "services/order-api/src/adapters/a.ts", 'import { b } from "../handlers/b.ts";'],
  ["adapters-know-no-doors", "services/order-api/src/adapters/a.ts", 'import type { Config } from "../config.ts";'],
  ["test-code-only-in-tests", "services/order-api/src/a.ts", 'import { eventually } from "@tirage/testkit";'],
  ["test-code-only-in-tests", "services/order-api/src/a.ts", 'import { deliver } from "@tirage/messaging/testing";'],
  ["environment-at-the-door", "services/order-api/src/config.ts", "const environment = process.env;"],
  ["environment-at-the-door", "packages/messaging/src/a.ts", 'import { env } from "node:process";'],
  ["no-process-exit", "services/order-api/src/main.ts", "process.exit(1);"],
];

test.each(wrong)(
  "boundaries: %s, planted in %s as %s, is named with its line and its reason",
  async (rule, path, statement) => {
    const root = await plant({ [path]: `// The wrong one is below.\n${statement}\n` });
    const { filesRead, violations } = await checkBoundaries(root);
    expect(filesRead).toBe(1);
    expect(violations).toEqual([
      { file: path, line: 2, rule, reason: expect.stringMatching(/^(imports|reads|ends) .+: .{20}/) },
    ]);
  },
);

test("boundaries: a handler without its flow on the first line, is named", async () => {
  const root = await plant({ "services/a/src/handlers/item-events.ts": 'import { z } from "zod";\n' });
  const { violations } = await checkBoundaries(root);
  expect(violations).toMatchObject([
    { file: "services/a/src/handlers/item-events.ts", line: 1, rule: "handler-header" },
  ]);
});

test("boundaries: three files that import each other in a circle, are named once, at the import that closes it", async () => {
  const root = await plant({
    "packages/messaging/src/a.ts": '\nimport { b } from "./b.ts";\n',
    "packages/messaging/src/b.ts": '\n\nexport type { C } from "./c.ts";\n',
    "packages/messaging/src/c.ts": '\n\n\nimport type { A } from "./a.ts";\n',
    "packages/messaging/src/d.ts": 'import { a } from "./a.ts";\nimport { b } from "./b.ts";\n',
  });
  const { violations } = await checkBoundaries(root);
  expect(violations).toMatchObject([{ file: "packages/messaging/src/c.ts", line: 4, rule: "no-import-cycle" }]);
  expect(violations[0]?.reason).toContain("a.ts -> packages/messaging/src/b.ts -> packages/messaging/src/c.ts -> ");
});

test("boundaries: imports that point the right way, pass", async () => {
  const root = await plant({
    "packages/contracts/src/index.ts": 'import { z } from "zod";\nexport { plan } from "./plan.ts";\n',
    "packages/contracts/src/plan.ts": "export const plan = 1;\n",
    "packages/contracts/src/plan.test.ts":
      'import { readFile } from "node:fs/promises";\nimport { test } from "vitest";\n',
    "packages/messaging/src/connect.ts":
      'import { connect } from "@nats-io/transport-node";\nimport { plan } from "@tirage/contracts";\n',
    "packages/provider-sandbox/test/clients.ts": 'import { fal } from "@fal-ai/client";\n',
    "services/a/src/config.ts": 'import { z } from "zod";\n',
    "services/order-api/src/main.ts":
      'import { start } from "./start.ts";\nstart(process.env);\nprocess.exitCode = 1;\n',
    "services/order-api/src/start.ts":
      'import { store } from "./adapters/store.ts";\nimport { onItem } from "./handlers/item.ts";\n',
    "services/order-api/src/ports.ts": 'import type { Plan } from "./domain/plan.ts";\n',
    "services/order-api/src/adapters/store.ts": 'import pg from "pg";\nimport type { Store } from "../ports.ts";\n',
    "services/order-api/src/handlers/item.ts": `${header}import { defineHandler } from "@tirage/messaging";\nimport type { Store } from "../ports.ts";\n`,
    "services/order-api/src/handlers/item.test.ts": 'import { deliver } from "@tirage/messaging/testing";\n',
    "services/order-api/src/domain/plan.ts": 'import { plan } from "@tirage/contracts";\nimport { b } from "./b.ts";\n',
    "services/order-api/src/domain/b.ts": "// process.env and process.exit() are only spoken of here.\n",
    "services/order-api/test/store.component.test.ts":
      'import pg from "pg";\nimport { store } from "../src/adapters/store.ts";\n',
    "tests/flow.test.ts": 'import { start } from "../services/order-api/src/start.ts";\nread(process.env);\n',
  });
  expect(await checkBoundaries(root)).toEqual({ filesRead: 16, violations: [] });
});

test("boundaries: a folder without sources, counts none, which the command treats as a failure", async () => {
  expect(await checkBoundaries(await plant({}))).toEqual({ filesRead: 0, violations: [] });
});

test("boundaries: this repository, is read as a whole", async () => {
  const { filesRead } = await checkBoundaries(fileURLToPath(new URL("..", import.meta.url)));
  expect(filesRead).toBeGreaterThan(200);
});

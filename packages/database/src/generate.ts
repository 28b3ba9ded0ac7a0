// node packages/database/src/generate.ts: writes src/generated, the Prisma client, unless it is that of the current schema.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const packageFolder = fileURLToPath(new URL("..", import.meta.url));
const stampPath = `${packageFolder}src/generated/schema.sha256`;
const timeoutMs = 60_000;

/** Of all that decides what is generated: the schema, and the versions in package.json. */
function hashInputs(): string {
  const hash = createHash("sha256");
  for (const path of ["prisma/schema.prisma", "package.json"]) hash.update(readFileSync(packageFolder + path));
  return hash.digest("hex");
}

const inputs = hashInputs();
if (!existsSync(stampPath) || readFileSync(stampPath, "utf8") !== inputs) {
  try {
    const prisma = dirname(createRequire(import.meta.url).resolve("prisma/package.json"));
    execFileSync(process.execPath, [`${prisma}/build/index.js`, "generate", "--no-hints"], {
      cwd: packageFolder,
      // Generating needs no engine, but prisma downloads one unless it is told that there is one.
      env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: "1" },
      stdio: "pipe",
      timeout: timeoutMs,
    });
    writeFileSync(stampPath, inputs);
  } catch (error) {
    const output = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
    process.stderr.write(`the Prisma client could not be generated:\n${output}\n`);
    process.exitCode = 1;
  }
}

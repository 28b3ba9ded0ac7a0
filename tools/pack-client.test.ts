import { execFileSync } from "node:child_process";
import { mkdtempDisposableSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));
const timeout = 120_000;

test("pack-client: installed in another project, the client is there without the repository", { timeout }, () => {
  using project = mkdtempDisposableSync(join(tmpdir(), "tirage-project-"));
  const run = (command: string, ...parameters: string[]) =>
    execFileSync(command, parameters, { cwd: project.path, encoding: "utf8", timeout });

  const told = run(process.execPath, join(root, "tools/pack-client.ts"), ".");
  const archive = /npm install (.+)\n$/.exec(told)?.[1] ?? "";
  run("npm", "install", "--offline", "--no-audit", "--no-fund", archive);

  const script = 'import { createClient } from "@tirage/client"; console.log(typeof createClient)';
  expect(run(process.execPath, "--input-type=module", "--eval", script)).toBe("function\n");
});

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Fastify from "fastify";
import { expect, test } from "vitest";
import type { App } from "../src/dependencies.ts";
import { serveConsole } from "../src/plugins/console.ts";
import { answerWithProblems } from "../src/plugins/problems.ts";

const files = {
  "index.html": "<!doctype html><title>Tirage</title>",
  "theme.js": "// theme",
  "assets/index-abc.js": "// script",
};

async function startConsole(built: Record<string, string> = files) {
  const folder = await mkdtemp(join(tmpdir(), "tirage-test-console-"));
  await mkdir(join(folder, "assets"));
  for (const [name, text] of Object.entries(built)) await writeFile(join(folder, name), text);
  const app = Fastify() as unknown as App;
  answerWithProblems(app);
  app.get("/v1/orders", async () => ({ data: [] }));
  await app.register((scope) => serveConsole(scope, folder));
  const get = (url: string, accept = "text/html,*/*") => app.inject({ url, headers: { accept } });
  return {
    get,
    async [Symbol.asyncDispose]() {
      await app.close();
      await rm(folder, { recursive: true });
    },
  };
}

test("console: any page, a browser asks, the one page is answered under the strict policy and is not kept", async () => {
  await using console = await startConsole();
  for (const url of ["/", "/orders", "/orders/0192?product=1", "/no/such/page"]) {
    const response = await console.get(url);
    expect(response.statusCode, url).toBe(200);
    expect(response.body).toBe(files["index.html"]);
    expect(response.headers["cache-control"]).toBe("no-cache");
    expect(response.headers["content-security-policy"]).toMatch(/script-src 'self';.*frame-ancestors 'none'/);
  }
});

test("console: its files, hashed ones are kept for ever and the others asked for anew", async () => {
  await using console = await startConsole();

  expect((await console.get("/assets/index-abc.js")).headers["cache-control"]).toBe(
    "public, max-age=31536000, immutable",
  );
  expect((await console.get("/theme.js")).headers["cache-control"]).toBe("no-cache");
});

test.each([
  ["/v1/unknown", "text/html"],
  ["/docs/unknown", "text/html"],
  ["/orders", "application/json"],
  ["/assets/index-old.js", "text/html"],
  ["/assets/..%2f..%2fpackage.json", "text/html"],
  ["/missing.js", "*/*"],
])("console: %s for %s, which is not its own, a problem is answered", async (url, accept) => {
  await using console = await startConsole();

  const response = await console.get(url, accept);

  expect(response.statusCode).toBe(404);
  expect(response.headers["content-type"]).toMatch("application/problem+json");
});

test("console: not built, the page says how to build it and the API goes on", async () => {
  await using console = await startConsole({});

  const page = await console.get("/orders");
  expect(page.statusCode).toBe(503);
  expect(page.body).toContain("node apps/console/build.ts");
  expect((await console.get("/v1/orders", "application/json")).statusCode).toBe(200);
});

/** What the command says and how it ends when it cannot begin. */

import { once } from "node:events";
import { createServer } from "node:http";
import { expect, test } from "vitest";
import { ofFal, readLines, startTirage, tirage } from "./tirage.ts";

/** Nobody listens there. */
const nowhere = "http://127.0.0.1:9";

test.each([
  [["order", "craete"], "unknown command 'craete'", "Did you mean create?"],
  [["order", "create", "--promt", "a"], "unknown option '--promt'", "Did you mean --prompt?"],
  [["order", "create", "--quantity", "ten"], "It must be a whole number.", "--help"],
  [["order", "create", "--priority", "soon"], "Allowed choices are interactive, standard, bulk.", "--help"],
  [["order", "create", "--parameter", "steps"], "It must be name=value.", "--help"],
  [["order", "create", "--quantity", "1"], "--provider is missing", "--prompt is missing"],
  [["order", "create", "--key", "two words"], "--key must be", ""],
  [["order", "get"], "missing required argument 'order'", "--help"],
  [["order", "get", "x", "--items", "--products"], "--items and --products exclude each other", ""],
  [["completion", "csh"], "Allowed choices are bash, zsh, fish.", ""],
  [["models", "--api-url", "ftp://x"], "--api-url must be an http:// or https:// address", ""],
  [["dead-letters", "discard", "1", "--all"], "give ids or a filter, not both", ""],
  [["dead-letters", "replay", "1", "2", "--payload", "-"], "--payload goes with the id of one letter", ""],
  [["dead-letters", "replay", "1", "--payload", "nowhere.json"], "--payload nowhere.json cannot be read", ""],
  [["dead-letters", "replay", "1", "--payload", "-"], "--payload - cannot be read", ""],
])("%j: exit 2, what is wrong and what was meant", async (parameters, message, hint) => {
  const { code, stdout, stderr } = await tirage(nowhere, ...parameters);

  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toContain(message);
  expect(stderr).toContain(hint);
});

test("without a command: help and exit 2; asked for it, exit 0 and on stdout", async () => {
  const bare = await tirage(nowhere);
  const asked = await tirage(nowhere, "order", "create", "--help");

  expect(bare).toMatchObject({ code: 2, stdout: "" });
  expect(bare.stderr).toContain("Usage: tirage");
  expect(asked).toMatchObject({ code: 0, stderr: "" });
  expect(asked.stdout).toContain("Examples:");
  expect((await tirage(nowhere, "--version")).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test("order create: nobody answers, exit 1 with what to do and the key that makes it safe to run again", async () => {
  const { code, stderr } = await tirage(nowhere, "order", "create", ...ofFal, "--prompt", "a", "-n", "1");

  expect(code).toBe(1);
  expect(stderr).toContain(`error: no answer from ${nowhere} (`);
  expect(stderr).toContain("npm start");
  expect(stderr).toMatch(/^warning: it may have been ordered all the same; to order it once, add --key \S{36}$/m);
});

test("doctor: nobody answers, exit 1 and what to do", async () => {
  const { code, stdout } = await tirage(nowhere, "doctor");

  expect(code).toBe(1);
  expect(stdout).toMatch(/^✗ api +no answer from/m);
  expect(stdout).toContain("→ does it run? npm start begins it");
});

/** An API that refuses everybody and notes what it was sent. */
async function startRefusingApi() {
  const keys: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    keys.push(request.headers.authorization);
    response.writeHead(401, { "content-type": "application/problem+json" });
    response.end(
      JSON.stringify({ type: "/problems/authentication", title: "An API key is required", status: 401, detail: "no" }),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    keys,
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

test.each([
  [["models"], { TIRAGE_API_KEY: "secret-key" }],
  [["models", "--api-key", "secret-key"], {}],
  [["doctor"], { TIRAGE_API_KEY: "secret-key" }],
  [["models", "--json"], { TIRAGE_API_KEY: "secret-key" }],
])("%j with %j: the key is sent, refused with what to do, and never shown", async (parameters, environment) => {
  await using api = await startRefusingApi();

  const { code, stdout, stderr } = await startTirage(api.url, parameters, environment).ended;

  expect(code).toBe(1);
  expect(api.keys[0]).toBe("Bearer secret-key");
  expect(stdout + stderr).toContain("give the API's key as TIRAGE_API_KEY");
  expect(stdout + stderr).not.toContain("secret");
});

test.each([
  [["models"], { TIRAGE_API_KEY: "secret\nkey" }, "the API key must be"],
  [["models", "--api-url", "http://me:secret@localhost"], {}, "--api-url must not hold a name or a password"],
])("%j with %j: refused before it is sent, and not shown", async (parameters, environment, message) => {
  const { code, stdout, stderr } = await startTirage(nowhere, parameters, environment).ended;

  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(stdout + stderr).not.toContain("secret");
});

test("--json: what fails is a line of JSON on stderr", async () => {
  const { code, stdout, stderr } = await tirage(nowhere, "order", "create", "--prompt", "a", "--json");

  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(readLines(stderr)).toEqual([
    {
      error: {
        message: "an order needs a provider, a model and a prompt",
        details: ["--provider is missing", "--model is missing"],
      },
    },
  ]);
});

import { hash } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { RetryLaterError } from "@tirage/messaging";
import type { FaultRule } from "@tirage/provider-sandbox";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createFetchOutput } from "../src/adapters/fetch-output.ts";
import { OutputUnavailableError } from "../src/ports.ts";
import {
  follow,
  type ProviderName,
  requestOf,
  type SandboxFixture,
  startSandbox,
  submitAccepted,
  watchConnections,
} from "./provider-fixture.ts";

let connections: ReturnType<typeof watchConnections>;
beforeAll(() => {
  connections = watchConnections();
});
afterAll(() => connections.stop());

const { signal } = new AbortController();
const fetchOutput = createFetchOutput({ maximumBytes: 200_000, timeoutMs: 2_000 });

/** Buys one batch and names its outputs. */
async function makeOutputs(fixture: SandboxFixture, name: ProviderName, parameters = {}) {
  const provider = fixture.provider(name);
  const request = requestOf(name, { parameters });
  const { state } = await follow(provider, await submitAccepted(provider, request), request.model);
  if (state.kind !== "succeeded") throw new Error(`no outputs: ${JSON.stringify(state)}`);
  return { urls: state.outputs.map(({ url }) => url), allowedOrigins: provider.outputOrigins };
}

describe("outputs of the sandbox", () => {
  test.each([
    ["fal", {}, "image/jpeg", "jpg"],
    ["fal", { output_format: "png" }, "image/png", "png"],
    ["replicate", {}, "image/webp", "webp"],
    ["replicate", { output_format: "jpg" }, "image/jpeg", "jpg"],
  ] as const)("%s with %o, each fetched, measured and hashed", async (name, parameters, contentType, extension) => {
    await using fixture = await startSandbox();
    const { urls, allowedOrigins } = await makeOutputs(fixture, name, parameters);

    const fetched = await Promise.all(urls.map((url) => fetchOutput(url, { allowedOrigins, signal })));

    expect(fetched).toHaveLength(3);
    expect(new Set(fetched.map(({ sha256 }) => sha256)).size).toBe(3);
    for (const { bytes, ...facts } of fetched) {
      const { width, height } = await sharp(bytes).metadata();
      expect(facts).toEqual({ contentType, extension, width, height, sha256: hash("sha256", bytes, "hex") });
    }
  });

  const lost: [FaultRule, string][] = [
    [{ fault: "output_missing" }, "output_gone"],
    [{ fault: "output_missing", status: 403 }, "output_gone"],
    [{ fault: "output_missing", status: 410 }, "output_gone"],
    [{ fault: "output_truncated" }, "output_invalid"],
    [{ fault: "output_html" }, "output_invalid"],
  ];
  test.each(lost)("%o, cannot be had", async (rule, code) => {
    await using fixture = await startSandbox([rule]);
    const { urls, allowedOrigins } = await makeOutputs(fixture, "fal");

    const fetching = fetchOutput(urls[0] ?? "", { allowedOrigins, signal });

    await expect(fetching).rejects.toMatchObject({ name: "OutputUnavailableError", code });
  });

  const passing: FaultRule[] = [
    { fault: "output_error", status: 500 },
    { fault: "output_error", status: 503 },
    { fault: "output_cut" },
  ];
  test.each(passing)("%o once, to be fetched again and then whole", async (rule) => {
    await using fixture = await startSandbox([{ ...rule, times: 1 }]);
    const { urls, allowedOrigins } = await makeOutputs(fixture, "replicate");
    const url = urls[0] ?? "";

    await expect(fetchOutput(url, { allowedOrigins, signal })).rejects.toThrow(RetryLaterError);

    expect((await fetchOutput(url, { allowedOrigins, signal })).contentType).toBe("image/webp");
  });
});

/** A host of outputs that answers as told, and what it was asked. */
async function startHost(answer: (path: string, response: ServerResponse) => void) {
  const seen: { path: string; headers: IncomingHttpHeaders }[] = [];
  const server = createServer((request, response) => {
    seen.push({ path: request.url ?? "", headers: request.headers });
    answer(request.url ?? "", response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { origin, seen, allowed: { allowedOrigins: [origin], signal } };
}

const picture = await sharp({ create: { width: 40, height: 30, channels: 3, background: "#369" } })
  .png()
  .toBuffer();

/** `/3` leads to `/2` and so on to `/0`, which is the picture. */
function answerHops(path: string, response: ServerResponse): void {
  const hops = Number(path.slice(1));
  if (hops === 0) response.end(picture);
  else response.writeHead(302, { location: `/${hops - 1}` }).end();
}

test("fault 39: fetchOutput: three redirects within the origin, followed without credentials", async () => {
  const { origin, seen, allowed } = await startHost(answerHops);

  const { width, height } = await fetchOutput(`${origin}/3`, allowed);

  expect([width, height]).toEqual([40, 30]);
  expect(seen.map(({ path }) => path)).toEqual(["/3", "/2", "/1", "/0"]);
  expect(seen.filter(({ headers }) => headers.authorization ?? headers.cookie)).toEqual([]);
});

test("fetchOutput: four redirects, given up", async () => {
  const { origin, seen, allowed } = await startHost(answerHops);

  await expect(fetchOutput(`${origin}/4`, allowed)).rejects.toMatchObject({ code: "output_unavailable" });
  expect(seen).toHaveLength(4);
});

test.each([
  "http://169.254.169.254/latest/meta-data",
  "http://127.0.0.1:1/elsewhere",
  "file:///etc/passwd",
  "//10.0.0.1/x",
  "http://",
])("fetchOutput: redirect to %s, forbidden and not followed", async (location) => {
  const { origin, allowed } = await startHost((_path, response) => {
    response.writeHead(302, { location }).end();
  });

  await expect(fetchOutput(`${origin}/x`, allowed)).rejects.toMatchObject({ code: "output_forbidden" });
});

test.each(["http://127.0.0.1:1/x.png", "https://evil.example/x.png", "data:image/png;base64,AAAA", "not an address"])(
  "fetchOutput: %s, forbidden and nothing asked",
  async (url) => {
    const { seen, allowed } = await startHost(answerHops);

    await expect(fetchOutput(url, allowed)).rejects.toMatchObject({ code: "output_forbidden" });
    expect(seen).toEqual([]);
  },
);

test("fetchOutput: error about an address, says its origin and never its path", async () => {
  const { allowed } = await startHost(answerHops);

  const failure: unknown = await fetchOutput("https://evil.example/secret?token=1", allowed).catch((error) => error);

  expect(failure).toBeInstanceOf(OutputUnavailableError);
  expect(String(failure)).toMatch(/evil\.example$/);
});

test.each([
  ["announced", true],
  ["not announced", false],
])("fetchOutput: more bytes than allowed, %s, refused before they are all read", async (_case, isAnnounced) => {
  const { origin, allowed } = await startHost((_path, response) => {
    response.writeHead(200, isAnnounced ? { "content-length": 10_000_000 } : {});
    response.write(picture);
    response.write(Buffer.alloc(300_000));
  });

  await expect(fetchOutput(`${origin}/big.png`, allowed)).rejects.toMatchObject({
    code: "output_invalid",
    message: expect.stringMatching(/larger than 200000 bytes/),
  });
});

test.each([
  ["an SVG", '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'],
  ["an HTML page that claims to be a picture", "<!doctype html><p>not found</p>"],
  ["nothing", ""],
  ["a PNG's first bytes and nothing else", picture.subarray(0, 8)],
  ["a PNG cut short", picture.subarray(0, picture.length - 30)],
])("fetchOutput: %s, invalid", async (_case, body) => {
  const { origin, allowed } = await startHost((_path, response) => {
    response.writeHead(200, { "content-type": "image/png" }).end(body);
  });

  await expect(fetchOutput(`${origin}/x.png`, allowed)).rejects.toMatchObject({ code: "output_invalid" });
});

test.each(["png", "jpeg", "webp", "gif", "avif"] as const)(
  "fetchOutput: %s called something else, its bytes tell what it is",
  async (format) => {
    const body = await sharp(picture)[format]().toBuffer();
    const { origin, allowed } = await startHost((_path, response) => {
      response.writeHead(200, { "content-type": "text/plain" }).end(body);
    });

    const fetched = await fetchOutput(`${origin}/x`, allowed);

    expect(fetched).toMatchObject({ contentType: `image/${format}`, width: 40, height: 30 });
  },
);

test("fetchOutput: host that never answers, to be fetched again", async () => {
  const hasty = createFetchOutput({ timeoutMs: 100 });
  const { origin, allowed } = await startHost(() => {});

  await expect(hasty(`${origin}/x.png`, allowed)).rejects.toMatchObject({ code: "output_unreachable" });
});

test("fetchOutput: host that asks for patience, the pause it names", async () => {
  const { origin, allowed } = await startHost((_path, response) => {
    response.writeHead(503, { "retry-after": "4" }).end();
  });

  await expect(fetchOutput(`${origin}/x.png`, allowed)).rejects.toMatchObject({ delayMs: 4_000 });
});

test("fetchOutput: signal given up meanwhile, its reason", async () => {
  const stopping = new AbortController();
  const reason = new Error("stopping");
  const { origin, allowed } = await startHost(() => stopping.abort(reason));

  const fetching = fetchOutput(`${origin}/x.png`, { ...allowed, signal: stopping.signal });

  await expect(fetching).rejects.toBe(reason);
});

/** Callbacks of providers at their door: what is the provider's own is kept once, everything else leaves nothing. */
import { createHash, createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startOrderApi, type TestOrderApi } from "./start-order-api.ts";

const resources = new AsyncDisposableStack();
const replicateKey = Buffer.from("0123456789abcdef01234567");
const nonce = "nonce-0123456789abcdef";
let falKeys = generateKeyPairSync("ed25519");
let keySetReads = 0;
let isKeySetThere = true;
let api: TestOrderApi;

beforeAll(async () => {
  const server = createServer((request, response) => {
    keySetReads += 1;
    const isAsked = request.url === "/rest.fal.ai/.well-known/jwks.json" && isKeySetThere;
    response.statusCode = isAsked ? 200 : 503;
    response.end(JSON.stringify({ keys: [falKeys.publicKey.export({ format: "jwk" })] }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  resources.defer(() => void server.close().closeAllConnections());
  api = resources.use(
    await startOrderApi({
      AUTH: "api-key",
      API_KEYS: `local:${"0".repeat(64)}`,
      RATE_LIMIT_PER_MINUTE: "1",
      FAL_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      REPLICATE_WEBHOOK_SECRET: `whsec_${replicateKey.toString("base64")}`,
    }),
  );
});
afterAll(() => resources.disposeAsync());
beforeEach(() => api.pool.query("DELETE FROM provider_callbacks"));

const nowSeconds = () => Math.floor(Date.now() / 1_000);
const readInbox = async () =>
  (await api.pool.query("SELECT nonce, provider, request_id FROM provider_callbacks ORDER BY nonce")).rows;

interface Signing {
  readonly timestamp?: number;
  readonly key?: Uint8Array;
  readonly falKey?: KeyObject;
}

function signedBy(provider: string, body: string, signing: Signing = {}): Record<string, string> {
  const { timestamp = nowSeconds(), key = replicateKey, falKey = falKeys.privateKey } = signing;
  if (provider === "replicate") {
    const signature = createHmac("sha256", key).update(`msg_1.${timestamp}.${body}`).digest("base64");
    return { "webhook-id": "msg_1", "webhook-timestamp": String(timestamp), "webhook-signature": `v1,${signature}` };
  }
  const digest = createHash("sha256").update(body).digest("hex");
  const message = Buffer.from(["r-1", "u-1", String(timestamp), digest].join("\n"));
  return {
    "x-fal-webhook-request-id": "r-1",
    "x-fal-webhook-user-id": "u-1",
    "x-fal-webhook-timestamp": String(timestamp),
    "x-fal-webhook-signature": sign(null, message, falKey).toString("hex"),
  };
}

const bodyOf = (provider: string, id: string) =>
  JSON.stringify(provider === "fal" ? { request_id: id, status: "OK" } : { id, status: "succeeded" });

function call(provider: string, body: string, { to = nonce, ...signing }: Signing & { readonly to?: string } = {}) {
  return api.post(`/v1/callbacks/${provider}/${to}`, body, signedBy(provider, body, signing));
}

test.each(["fal", "replicate"])("callback of %s: signed by it, is kept once, without an API key", async (provider) => {
  const answers = [await call(provider, bodyOf(provider, "r-1")), await call(provider, bodyOf(provider, "r-1"))];

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
  expect(await readInbox()).toEqual([{ nonce, provider, request_id: "r-1" }]);
});

test.each(["fal", "replicate"])("fault 40: callback of %s: of a second request, changes nothing", async (provider) => {
  await call(provider, bodyOf(provider, "r-1"));

  expect((await call(provider, bodyOf(provider, "r-2"))).statusCode).toBe(200);
  expect(await readInbox()).toMatchObject([{ request_id: "r-1" }]);
});

test.each(["fal", "replicate"])(
  "fault 40: callback of %s: forged or replayed, 401 and nothing kept",
  async (provider) => {
    const body = bodyOf(provider, "r-1");
    const forged = { key: Buffer.alloc(24), falKey: generateKeyPairSync("ed25519").privateKey };
    const changed = api.post(`/v1/callbacks/${provider}/${nonce}`, `${body} `, signedBy(provider, body));
    const answers = [
      await call(provider, body, forged),
      await call(provider, body, { timestamp: nowSeconds() - 301 }),
      await changed,
      await api.post(`/v1/callbacks/${provider}/${nonce}`, body),
    ];

    for (const answer of answers) {
      expect(answer.statusCode).toBe(401);
      expect(answer.headers["content-type"]).toMatch(/^application\/problem\+json/);
    }
    expect(await readInbox()).toEqual([]);
  },
);

test("callback: of another provider, or to no nonce of ours, 404", async () => {
  expect((await call("nobody", "{}")).statusCode).toBe(404);
  expect((await call("fal", bodyOf("fal", "r-1"), { to: "short" })).statusCode).toBe(404);
});

test("callback: larger than 1 MiB, 413; signed, but naming no request, 400", async () => {
  const large = JSON.stringify({ id: "r-1", logs: "x".repeat(1_048_576) });

  expect((await call("replicate", large)).statusCode).toBe(413);
  for (const body of ["", "{}", "not JSON", '{"id":7}']) expect((await call("replicate", body)).statusCode).toBe(400);
  expect(await readInbox()).toEqual([]);
});

test("callback: that cannot be kept, is not answered with success, so that the provider calls again", async () => {
  await api.pool.query("ALTER TABLE provider_callbacks RENAME TO provider_callbacks_away");
  try {
    expect((await call("replicate", bodyOf("replicate", "r-1"))).statusCode).toBeGreaterThanOrEqual(500);
  } finally {
    await api.pool.query("ALTER TABLE provider_callbacks_away RENAME TO provider_callbacks");
  }
});

test("callback of fal: forged many times, does not ask fal for its keys each time", async () => {
  const before = keySetReads;

  for (let tries = 0; tries < 5; tries += 1) {
    await call("fal", bodyOf("fal", "r-1"), { falKey: generateKeyPairSync("ed25519").privateKey });
  }

  expect(keySetReads - before).toBeLessThanOrEqual(1);
});

test("callback of fal: while its keys cannot be had, 503, and taken later", async () => {
  await using other = await startOrderApi({ FAL_BASE_URL: api.config.FAL_BASE_URL ?? "" }, { beside: api });
  const send = () => {
    const body = bodyOf("fal", "r-1");
    return other.post(`/v1/callbacks/fal/${nonce}`, body, signedBy("fal", body));
  };
  falKeys = generateKeyPairSync("ed25519");
  isKeySetThere = false;
  expect((await send()).statusCode).toBe(503);

  isKeySetThere = true;
  expect((await send()).statusCode).toBe(200);
});

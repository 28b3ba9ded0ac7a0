import { createHash, createHmac, generateKeyPairSync, sign } from "node:crypto";
import { expect, test } from "vitest";
import { isSignedByFal, isSignedByReplicate } from "./callback-signature.ts";

const now = new Date("2026-11-24T10:00:00Z");
const nowSeconds = now.getTime() / 1_000;
const body = Buffer.from('{"id":"p-1"}');
const key = Buffer.from("0123456789abcdef01234567");
const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const other = generateKeyPairSync("ed25519");

function replicateHeaders({ timestamp = String(nowSeconds), signedBody = body, by = key } = {}) {
  const signature = createHmac("sha256", by).update(`msg_1.${timestamp}.`).update(signedBody).digest("base64");
  return { "webhook-id": "msg_1", "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` };
}

function falHeaders({ timestamp = String(nowSeconds), signedBody = body, by = privateKey } = {}) {
  const digest = createHash("sha256").update(signedBody).digest("hex");
  const message = Buffer.from(["r-1", "u-1", timestamp, digest].join("\n"));
  return {
    "x-fal-webhook-request-id": "r-1",
    "x-fal-webhook-user-id": "u-1",
    "x-fal-webhook-timestamp": timestamp,
    "x-fal-webhook-signature": sign(null, message, by).toString("hex"),
  };
}

const isReplicates = (headers: object) => isSignedByReplicate({ headers: { ...headers }, body, now }, key);
const isFals = (headers: object) => isSignedByFal({ headers: { ...headers }, body, now }, [other.publicKey, publicKey]);

test("callback signature: of the provider's own, within five minutes, is good", () => {
  for (const timestamp of [nowSeconds - 300, nowSeconds, nowSeconds + 300].map(String)) {
    expect(isReplicates(replicateHeaders({ timestamp }))).toBe(true);
    expect(isFals(falHeaders({ timestamp }))).toBe(true);
  }
});

test("callback signature: of Replicate, one among several, is good", () => {
  const headers = replicateHeaders();
  const several = `v1a,AAAA v1,${Buffer.alloc(32).toString("base64")} ${headers["webhook-signature"]}`;

  expect(isReplicates({ ...headers, "webhook-signature": several })).toBe(true);
});

const otherBody = Buffer.from('{"id":"p-2"}');
test.each([
  { circumstance: "of another body", replicate: { signedBody: otherBody }, fal: { signedBody: otherBody } },
  {
    circumstance: "by another key",
    replicate: { by: Buffer.alloc(24) },
    fal: { by: generateKeyPairSync("ed25519").privateKey },
  },
  {
    circumstance: "too old",
    replicate: { timestamp: String(nowSeconds - 301) },
    fal: { timestamp: String(nowSeconds - 301) },
  },
  {
    circumstance: "of the future",
    replicate: { timestamp: String(nowSeconds + 301) },
    fal: { timestamp: String(nowSeconds + 301) },
  },
  { circumstance: "without a time", replicate: { timestamp: "soon" }, fal: { timestamp: "soon" } },
])("fault 40: callback signature: $circumstance, is refused", ({ replicate, fal }) => {
  expect(isReplicates(replicateHeaders(replicate))).toBe(false);
  expect(isFals(falHeaders(fal))).toBe(false);
});

test("fault 40: callback signature: missing or not to be read, is refused", () => {
  expect(isReplicates({})).toBe(false);
  expect(isFals({})).toBe(false);
  expect(isReplicates({ ...replicateHeaders(), "webhook-signature": "v1," })).toBe(false);
  expect(isFals({ ...falHeaders(), "x-fal-webhook-signature": "zz" })).toBe(false);
});

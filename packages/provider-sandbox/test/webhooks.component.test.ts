import { createHash, createPublicKey, verify } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { validateWebhook } from "replicate";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createProviderSandbox, type ProviderSandbox } from "../src/index.ts";
import { createTestReplicate, localFetch, waitUntil } from "./clients.ts";
import { createWorld } from "./provider-world.ts";

interface Callback {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe("webhooks", () => {
  let sandbox: ProviderSandbox;
  let receiver: Server;
  let hook: string;
  const received: Callback[] = [];
  /** Statuses of the next answers; 200 when there is none. */
  const answers: number[] = [];

  beforeAll(async () => {
    sandbox = await createProviderSandbox({ latencyMs: 5 });
    receiver = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      received.push({ url: request.url ?? "", headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(answers.shift() ?? 200).end();
    });
    await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    hook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook?nonce=n-1`;
  });
  afterAll(async () => {
    await sandbox.close();
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));
  });
  beforeEach(async () => {
    received.length = 0;
    answers.length = 0;
    await localFetch(`${sandbox.url}/__control`, { method: "DELETE" });
  });

  const callbacks = (count: number) =>
    waitUntil(
      async () => received,
      ({ length }) => length >= count,
    );
  const falSubmit = () => createWorld(sandbox, "fal").submit({}, `?fal_webhook=${encodeURIComponent(hook)}`);

  test("fal, a job that completes: one callback with the result, its signature of a published key", async () => {
    const { json } = await falSubmit();
    const [callback] = await callbacks(1);
    expect(callback?.url).toBe("/hook?nonce=n-1");
    expect(JSON.parse(callback?.body ?? "")).toMatchObject({
      request_id: json.request_id,
      status: "OK",
      payload: { images: [{}, {}, {}, {}] },
    });
    const { keys } = await (await localFetch(`${sandbox.falBaseUrl}/rest.fal.ai/.well-known/jwks.json`)).json();
    const header = (name: string) => String(callback?.headers[`x-fal-webhook-${name}`]);
    const digest = createHash("sha256").update(String(callback?.body)).digest("hex");
    const message = [header("request-id"), header("user-id"), header("timestamp"), digest].join("\n");
    const key = createPublicKey({ key: keys[0], format: "jwk" });
    expect(verify(null, Buffer.from(message), key, Buffer.from(header("signature"), "hex"))).toBe(true);
  });

  test("fal, a job that is refused: a callback with status ERROR and the error body", async () => {
    await createWorld(sandbox, "fal").dial({ fault: "policy" });
    await falSubmit();
    const [callback] = await callbacks(1);
    expect(JSON.parse(callback?.body ?? "")).toMatchObject({
      status: "ERROR",
      error: "Invalid status code: 422",
      payload: { detail: [{ type: "content_policy_violation" }] },
    });
  });

  test("replicate, the completed event: one callback the official client accepts", async () => {
    const replicate = createTestReplicate(sandbox);
    await replicate.predictions.create({
      model: "black-forest-labs/flux-schnell",
      input: { prompt: "a" },
      webhook: hook,
      webhook_events_filter: ["completed"],
    });
    const [callback] = await callbacks(1);
    expect(JSON.parse(callback?.body ?? "")).toMatchObject({ status: "succeeded", webhook: hook });
    const { key } = await replicate.webhooks.default.secret.get();
    const header = (name: string) => String(callback?.headers[`webhook-${name}`]);
    const message = { id: header("id"), timestamp: header("timestamp"), signature: header("signature") };
    expect(await validateWebhook({ ...message, body: callback?.body ?? "", secret: key })).toBe(true);
    expect(await validateWebhook({ ...message, body: "{}", secret: key })).toBe(false);
  });

  test("replicate, no filter: start, output and completed", async () => {
    const input = { prompt: "a" };
    await createTestReplicate(sandbox).predictions.create({
      model: "black-forest-labs/flux-dev",
      input,
      webhook: hook,
    });
    const statuses = (await callbacks(3)).map(({ body }) => JSON.parse(body).status);
    expect(statuses.sort()).toEqual(["processing", "succeeded", "succeeded"]);
  });

  test("a receiver that fails once: the callback again, under its own id", async () => {
    answers.push(500);
    await falSubmit();
    const [first, second] = await callbacks(2);
    expect(second?.body).toBe(first?.body);
  });

  test("webhook_lost and webhook_twice: no callback for the first job, two for the second", async () => {
    const world = createWorld(sandbox, "fal");
    await world.dial({ fault: "webhook_lost", times: 1 }, { fault: "webhook_twice", skip: 1 });
    const lost = (await falSubmit()).json.request_id;
    await world.readEnd(lost);
    const twice = (await falSubmit()).json.request_id;
    const ids = (await callbacks(2)).map(({ body }) => JSON.parse(body).request_id);
    expect(ids).toEqual([twice, twice]);
  });
});

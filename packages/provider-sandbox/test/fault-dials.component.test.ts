import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { faultNames } from "../src/faults/catalogue.ts";
import { createProviderSandbox, type FaultName, type FaultRule, type ProviderSandbox } from "../src/index.ts";
import { localFetch, waitUntil } from "./clients.ts";
import { createWorld, type ProviderWorld, type Seen } from "./provider-world.ts";

type Row = [rule: FaultRule, result: string, check: (world: ProviderWorld) => Promise<void>];

const idOf = ({ json }: Seen): string => json.request_id ?? json.id;
const end = async (world: ProviderWorld) => world.readEnd(idOf(await world.submit()));

const refuses = (status: number | "reset", look?: (seen: Seen) => void) => async (world: ProviderWorld) => {
  const seen = await world.submit();
  expect(seen.status).toBe(status);
  look?.(seen);
  expect((await world.ledger()).totals.submissions).toBe(0);
};

/** What the client sees is useless, yet the submission is there, runs and is billed. */
const acceptsBehind = (look: (seen: Seen) => void, delivered: boolean) => async (world: ProviderWorld) => {
  look(await world.submit());
  const { totals, submissions } = await waitUntil(world.ledger, (ledger) => ledger.totals.billed === 1);
  expect(totals).toMatchObject({ submissions: 1, images: 4 });
  expect(submissions[0]).toMatchObject({ responseDelivered: delivered });
};

const spoilsOneRead = (look: (seen: Seen) => void) => async (world: ProviderWorld) => {
  const { json } = await world.submit();
  await waitUntil(world.ledger, (ledger) => ledger.totals.billed === 1);
  const id = json.request_id ?? json.id;
  look(await world.read(id));
  expect((await world.read(id)).status).toBe(200);
};

const spoilsOneDownload = (look: (seen: Seen, url: string) => Promise<void> | void) => async (world: ProviderWorld) => {
  const [url = ""] = await world.produce();
  await look(await world.download(url), url);
  expect((await world.download(url)).status).toBe(200);
};

/** Faults that say the same on both providers. */
const sharedRows: Row[] = [
  [{ fault: "unauthenticated" }, "401, nothing accepted", refuses(401)],
  [{ fault: "payment_required" }, "402, nothing accepted", refuses(402)],
  [{ fault: "account_locked" }, "403, nothing accepted", refuses(403)],
  [{ fault: "model_not_found" }, "404, nothing accepted", refuses(404)],
  [
    { fault: "rate_limited", retryAfterSeconds: 7 },
    "429 with the wait in Retry-After, nothing accepted",
    refuses(429, ({ headers }) => expect(headers.get("retry-after")).toBe("7")),
  ],
  [{ fault: "error_before_acceptance", status: 502 }, "that status, nothing accepted", refuses(502)],
  [{ fault: "reset_before_acceptance" }, "a reset, nothing accepted", refuses("reset")],
  [
    { fault: "error_after_acceptance" },
    "500, yet accepted",
    acceptsBehind(({ status }) => expect(status).toBe(500), true),
  ],
  [
    { fault: "lost_response" },
    "a reset, yet accepted",
    acceptsBehind(({ status }) => expect(status).toBe("reset"), false),
  ],
  [
    { fault: "response_hangs", latencyMs: 30 },
    "no answer until the connection breaks, yet accepted",
    acceptsBehind(({ status }) => expect(status).toBe("reset"), false),
  ],
  [
    { fault: "response_malformed" },
    "2xx with broken JSON, yet accepted",
    acceptsBehind(({ text, json }) => expect([text[0], json]).toEqual(["{", undefined]), true),
  ],
  [
    { fault: "response_html" },
    "200 with a page, yet accepted",
    acceptsBehind(({ headers }) => expect(headers.get("content-type")).toContain("text/html"), true),
  ],
  [
    { fault: "slow", latencyMs: 200 },
    "a job that takes that long",
    async (world) => {
      const startedAt = performance.now();
      await end(world);
      expect(performance.now() - startedAt).toBeGreaterThan(190);
    },
  ],
  [
    { fault: "job_hangs" },
    "in progress until cancelled",
    async (world) => {
      const id = idOf(await world.submit());
      expect((await world.ledger()).submissions[0]).toMatchObject({ status: "running" });
      await world.cancel(id);
      expect((await world.ledger()).submissions[0]).toMatchObject({ status: "cancelled", cancelled: true });
    },
  ],
  [
    { fault: "cancel_ignored" },
    "completes and is billed all the same",
    async (world) => {
      await world.cancel(idOf(await world.submit()));
      const { totals } = await waitUntil(world.ledger, (ledger) => ledger.totals.billed === 1);
      expect(totals).toMatchObject({ cancelled: 0, images: 4 });
    },
  ],
  [{ fault: "read_error", times: 1 }, "500 once", spoilsOneRead(({ status }) => expect(status).toBe(500))],
  [{ fault: "read_reset", times: 1 }, "a reset once", spoilsOneRead(({ status }) => expect(status).toBe("reset"))],
  [
    { fault: "read_rate_limited", times: 1 },
    "429 once",
    spoilsOneRead(({ headers, status }) => expect([status, headers.get("retry-after")]).toEqual([429, "1"])),
  ],
  [
    { fault: "result_malformed", times: 1 },
    "200 with broken JSON once",
    spoilsOneRead(({ status, json }) => expect([status, json]).toEqual([200, undefined])),
  ],
  [
    { fault: "result_html", times: 1 },
    "200 with a page once",
    spoilsOneRead(({ headers, status }) =>
      expect([status, headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]),
    ),
  ],
  [
    { fault: "output_missing", status: 403, times: 1 },
    "that file is gone for good, the others are not",
    async (world) => {
      const [gone = "", kept = ""] = await world.produce();
      expect((await world.download(gone)).status).toBe(403);
      expect((await world.download(gone)).status).toBe(403);
      expect((await world.download(kept)).status).toBe(200);
    },
  ],
  [{ fault: "output_error", times: 1 }, "500 once", spoilsOneDownload(({ status }) => expect(status).toBe(500))],
  [
    { fault: "output_truncated", times: 1 },
    "a body of the announced length that does not decode, once",
    async (world) => {
      const [url = ""] = await world.produce();
      const broken = Buffer.from(await (await localFetch(url)).arrayBuffer());
      const whole = Buffer.from(await (await localFetch(url)).arrayBuffer());
      expect(broken.length).toBe(Math.floor(whole.length / 2));
      await expect(sharp(broken, { failOn: "truncated" }).raw().toBuffer()).rejects.toThrow();
    },
  ],
  [
    { fault: "output_cut", times: 1 },
    "a body that breaks off, once",
    spoilsOneDownload(({ status }) => expect(status).toBe("reset")),
  ],
  [
    { fault: "output_html", times: 1 },
    "200 with a page once",
    spoilsOneDownload(({ headers }) => expect(headers.get("content-type")).toContain("text/html")),
  ],
];

const falRows: Row[] = [
  [
    { fault: "validation" },
    "accepted, and 422 on the result, unbilled",
    async (world) => {
      expect(await end(world)).toMatchObject({ status: 422, json: { detail: [{ type: "missing" }] } });
      expect((await world.ledger()).totals).toMatchObject({ submissions: 1, billed: 0 });
    },
  ],
  [
    { fault: "policy", billed: true },
    "422 content_policy_violation on the result, billed as told",
    async (world) => {
      expect(await end(world)).toMatchObject({ status: 422, json: { detail: [{ type: "content_policy_violation" }] } });
      expect((await world.ledger()).totals).toMatchObject({ billed: 1, images: 0 });
    },
  ],
  [
    { fault: "job_failed", status: 503 },
    "that status on the result with its type, unbilled",
    async (world) => {
      const seen = await end(world);
      expect(seen).toMatchObject({ status: 503, json: { error_type: "runner_connection_error" } });
      expect(seen.headers.get("x-fal-error-type")).toBe("runner_connection_error");
      expect((await world.ledger()).totals.billed).toBe(0);
    },
  ],
  [
    { fault: "aborted" },
    "504 with timeout type user, unbilled",
    async (world) => {
      const seen = await end(world);
      expect([seen.status, seen.headers.get("x-fal-request-timeout-type")]).toEqual([504, "user"]);
      expect((await world.ledger()).totals.billed).toBe(0);
    },
  ],
  [
    { fault: "requeue" },
    "in progress, in queue again, completed: one submission",
    async (world) => {
      await world.dial({ fault: "requeue" }, { fault: "slow", latencyMs: 400 });
      const seen: string[] = [];
      const id = idOf(await world.submit());
      const look = async () => {
        const { json } = await world.read(`${id}/status`);
        if (seen.at(-1) !== json.status) seen.push(json.status);
        return json.status;
      };
      await waitUntil(look, (status) => status === "COMPLETED");
      expect(seen).toEqual(["IN_PROGRESS", "IN_QUEUE", "IN_PROGRESS", "COMPLETED"]);
      expect((await world.ledger()).totals).toMatchObject({ submissions: 1, billed: 1 });
    },
  ],
  [
    { fault: "nsfw", count: 2 },
    "all images, two of them flagged and black",
    async (world) => {
      const { json } = await end(world);
      expect(json.has_nsfw_concepts).toEqual([false, true, true, false]);
      const bytes = await (await localFetch(json.images[1].url)).arrayBuffer();
      expect((await sharp(Buffer.from(bytes)).stats()).channels.map(({ max }) => max)).toEqual([0, 0, 0]);
      expect((await world.ledger()).totals.images).toBe(4);
    },
  ],
  [
    { fault: "fewer_images", count: 3 },
    "one image of four, one billed",
    async (world) => {
      expect((await end(world)).json.images).toHaveLength(1);
      expect((await world.ledger()).totals.images).toBe(1);
    },
  ],
  [
    { fault: "zero_images" },
    "a success without images",
    async (world) => expect(await end(world)).toMatchObject({ status: 200, json: { images: [] } }),
  ],
];

const replicateRows: Row[] = [
  [{ fault: "version_invalid" }, "422, nothing accepted", refuses(422)],
  [
    { fault: "validation" },
    "422 at once, nothing accepted",
    refuses(422, ({ json }) => expect(json.invalid_fields).toHaveLength(1)),
  ],
  [
    { fault: "policy" },
    "failed for its content, unbilled",
    async (world) => {
      expect((await end(world)).json).toMatchObject({ status: "failed", error: expect.stringMatching(/NSFW/) });
      expect((await world.ledger()).totals.billed).toBe(0);
    },
  ],
  [
    { fault: "job_failed", error: "E1001: out of memory", billed: true },
    "failed with that error, billed as told",
    async (world) => {
      expect((await end(world)).json).toMatchObject({ status: "failed", error: "E1001: out of memory", output: null });
      expect((await world.ledger()).totals.billed).toBe(1);
    },
  ],
  [
    { fault: "aborted" },
    "aborted, unbilled",
    async (world) => {
      expect((await end(world)).json.status).toBe("aborted");
      expect((await world.ledger()).totals.billed).toBe(0);
    },
  ],
  [
    { fault: "nsfw", count: 2 },
    "two outputs left out, the names of the rest as before",
    async (world) => {
      const { output } = (await end(world)).json;
      expect(output.map((url: string) => url.replace(/.*\//, ""))).toEqual(["out-0.webp", "out-3.webp"]);
      expect((await world.ledger()).totals.images).toBe(2);
    },
  ],
  [
    { fault: "nsfw", count: 4 },
    "failed when none is left",
    async (world) => expect((await end(world)).json).toMatchObject({ status: "failed", output: null }),
  ],
  [
    { fault: "fewer_images" },
    "three outputs of four",
    async (world) => expect((await end(world)).json.output).toHaveLength(3),
  ],
  [
    { fault: "zero_images" },
    "a success without outputs",
    async (world) => expect((await end(world)).json).toMatchObject({ status: "succeeded", output: [] }),
  ],
  [
    { fault: "data_removed", skip: 1, times: 1 },
    "a prediction that loses output and files, and stays so",
    async (world) => {
      const [url = ""] = await world.produce();
      const id = String((await world.ledger()).submissions[0]?.id);
      const lost = { status: "succeeded", data_removed: true, output: null, input: {} };
      expect((await world.read(id)).json).toMatchObject(lost);
      expect((await world.read(id)).json).toMatchObject(lost);
      expect((await world.download(url)).status).toBe(404);
    },
  ],
];

/** Tested in webhooks.component.test.ts, where there is a receiver. */
const webhookFaults: FaultName[] = ["webhook_lost", "webhook_twice"];

describe("fault dials", () => {
  let sandbox: ProviderSandbox;
  beforeAll(async () => {
    sandbox = await createProviderSandbox({ latencyMs: 60, maxImageEdgePx: 64 });
  });
  afterAll(() => sandbox.close());
  beforeEach(async () => {
    await localFetch(`${sandbox.url}/__control`, { method: "DELETE" });
    await localFetch(`${sandbox.url}/__ledger`, { method: "DELETE" });
  });

  const run = async (provider: "fal" | "replicate", [rule, , check]: Row) => {
    const world = createWorld(sandbox, provider);
    await world.dial({ ...rule, provider });
    await check(world);
    const { rules } = await (await localFetch(`${sandbox.url}/__control`)).json();
    expect(rules[0].strikes).toBeGreaterThan(0);
  };
  const named = (rows: Row[]) => rows.map((row) => [row[0].fault, row[1], row] as const);

  test.each(named([...sharedRows, ...falRows]))("fal, %s: %s", (_fault, _result, row) => run("fal", row));
  test.each(named([...sharedRows, ...replicateRows]))("replicate, %s: %s", (_fault, _result, row) =>
    run("replicate", row),
  );

  test("this table: every fault of the catalogue has a row", () => {
    const tested = [...sharedRows, ...falRows, ...replicateRows].map(([{ fault }]) => fault);
    expect(new Set([...tested, ...webhookFaults])).toEqual(new Set(faultNames));
  });
});

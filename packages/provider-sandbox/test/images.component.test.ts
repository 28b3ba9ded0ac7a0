import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createProviderSandbox, type ProviderSandbox } from "../src/index.ts";
import { createTestFal, createTestReplicate, localFetch } from "./clients.ts";

describe("output files", () => {
  let sandbox: ProviderSandbox;
  beforeAll(async () => {
    sandbox = await createProviderSandbox({ latencyMs: 0 });
  });
  afterAll(() => sandbox.close());

  const fetchBytes = async (url: string) => Buffer.from(await (await localFetch(url)).arrayBuffer());
  const falImages = async (endpoint: string, input: object) => {
    const { data } = await createTestFal(sandbox).run(endpoint, { input });
    return data.images as { url: string; width: number; height: number; content_type: string }[];
  };
  const replicateOutput = async (model: string, input: object) => {
    const created = await createTestReplicate(sandbox).predictions.create({ model, input, wait: true });
    return created.output as string[];
  };

  test.each([
    ["fal-ai/flux/schnell", {}, "jpeg", 512, 384],
    ["fal-ai/flux/dev", { output_format: "png", image_size: "portrait_16_9" }, "png", 288, 512],
    ["fal-ai/fast-sdxl", { format: "png" }, "png", 512, 512],
    ["fal-ai/fast-sdxl", { image_size: { width: 200, height: 100 } }, "jpeg", 200, 100],
  ])("fal %s with %j: a decodable %s of the reported size", async (endpoint, extra, format, width, height) => {
    const [image] = await falImages(endpoint, { prompt: "a mill", ...extra });
    expect(image).toMatchObject({ width, height, content_type: `image/${format}` });
    const bytes = await fetchBytes(String(image?.url));
    expect(await sharp(bytes).metadata()).toMatchObject({ format, width, height });
    expect((await sharp(bytes).raw().toBuffer()).length).toBe(width * height * 3);
  });

  test.each([
    ["black-forest-labs/flux-schnell", { aspect_ratio: "16:9" }, "webp", 512, 293],
    ["black-forest-labs/flux-schnell", { output_format: "jpg", megapixels: "0.25" }, "jpeg", 512, 512],
    ["stability-ai/stable-diffusion-3.5-large", { output_format: "png" }, "png", 512, 512],
  ])("replicate %s with %j: a decodable %s", async (model, extra, format, width, height) => {
    const [url] = await replicateOutput(model, { prompt: "a mill", ...extra });
    expect(await sharp(await fetchBytes(String(url))).metadata()).toMatchObject({ format, width, height });
  });

  test("a batch and two seeds: no two files share their bytes, even as tiny pictures", async () => {
    await localFetch(`${sandbox.url}/__control`, { method: "POST", body: JSON.stringify({ maxImageEdgePx: 4 }) });
    const urls: string[] = [];
    for (const seed of [1, 2]) {
      const images = await falImages("fal-ai/flux/schnell", { prompt: "same", num_images: 4, seed });
      urls.push(...images.map(({ url }) => url));
    }
    const files = await Promise.all(urls.map(fetchBytes));
    expect(new Set(files.map((bytes) => bytes.toString("base64"))).size).toBe(8);
  });

  test("the same prompt, seed and index again: the same bytes", async () => {
    const input = { prompt: "again", seed: 5, num_outputs: 2 };
    const [first, second] = [
      await replicateOutput("black-forest-labs/flux-dev", input),
      await replicateOutput("black-forest-labs/flux-dev", input),
    ];
    expect(await fetchBytes(String(first[1]))).toEqual(await fetchBytes(String(second[1])));
    expect(await fetchBytes(String(first[0]))).not.toEqual(await fetchBytes(String(first[1])));
  });

  test("a file nobody produced: 404", async () => {
    const [url] = await replicateOutput("black-forest-labs/flux-dev", { prompt: "one" });
    expect((await localFetch(String(url).replace("out-0", "out-1"))).status).toBe(404);
  });
});

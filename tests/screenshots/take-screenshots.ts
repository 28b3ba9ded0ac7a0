import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createClient, type OrderRequest } from "@tirage/client";
import type { LocalStack } from "@tirage/local-stack";
import type { Browser, Page } from "playwright-core";
import sharp from "sharp";
import { buryWork } from "../browser/bury-message.ts";

const size = { width: 1280, height: 900 } as const;
/** Readers load them with the README. */
const mostBytes = 200_000;
const waitTimeoutMs = 60_000;
const fal = { provider: "fal", model: "fal-ai/flux/schnell" } as const;
const replicate = { provider: "replicate", model: "black-forest-labs/flux-schnell" } as const;
/** The picture of the order is taken while this call is under way. */
const slowCallMs = 60_000;
const orderSeed = 2_026;

interface Options {
  browser: Browser;
  stack: LocalStack;
  folder: string;
  report: (line: string) => void;
}

/** Orders images, and pictures each page with something on it. */
export async function takeScreenshots({ browser, stack, folder, report }: Options): Promise<void> {
  const client = createClient({ baseUrl: stack.apiUrl });
  const save = async (page: Page, name: string, { fullPage = false } = {}) => {
    const path = join(folder, `${name}.png`);
    const bytes = await sharp(await page.screenshot({ animations: "disabled", fullPage }))
      .png({ palette: true, compressionLevel: 9, effort: 10 })
      .toBuffer();
    if (bytes.length > mostBytes) throw new Error(`${path} would be ${bytes.length} bytes, more than ${mostBytes}`);
    await writeFile(path, bytes);
    report(`${path}: ${Math.round(bytes.length / 1_000)} kB`);
  };
  const open = async (path: string, colorScheme: "light" | "dark" = "light") => {
    const page = await browser.newPage({ baseURL: stack.apiUrl, viewport: size, colorScheme, reducedMotion: "reduce" });
    page.setDefaultTimeout(waitTimeoutMs);
    await page.goto(path);
    return page;
  };
  const order = async (request: OrderRequest) => (await client.orders.create(request)).id;

  const form = await open("/");
  await form
    .getByText(/images/)
    .first()
    .waitFor();
  await form.getByText(/\$/).first().waitFor();
  await save(form, "new-order");

  for (const request of [
    { ...fal, prompt: "A lighthouse at dusk, gouache on rough paper", quantity: 12, batchSize: 4 },
    { ...replicate, prompt: "Linocut print of two foxes in tall grass", quantity: 8, batchSize: 4 },
  ]) {
    await client.orders.wait(await order(request), { timeoutMs: waitTimeoutMs });
  }
  await controlSandbox(stack, [{ fault: "slow", latencyMs: slowCallMs, inputSeed: orderSeed + 2 }]);
  const id = await order({ ...fal, prompt: "A lighthouse at dusk", quantity: 10, batchSize: 4, seed: orderSeed });
  const running = await open(`/orders/${id}`);
  await running.getByText("8 of 10 images", { exact: true }).first().waitFor();
  await untilPainted(running, 8);
  await save(running, "order");

  const orders = await open("/orders");
  await orders.getByText("A lighthouse at dusk", { exact: true }).waitFor();
  await save(orders, "orders");

  const gallery = await open("/gallery", "dark");
  await untilPainted(gallery, 15);
  await save(gallery, "gallery");

  await buryWork(stack, { orderId: id, index: 2, reason: "the process ended while it was handled" });
  const operations = await open("/operations");
  await operations.getByRole("article", { name: /crash_loop/ }).waitFor();
  await operations
    .getByText(/\d a minute/)
    .first()
    .waitFor();
  await order({ ...fal, prompt: "Isometric cutaway of a tiny bookshop at night", quantity: 60, batchSize: 1 });
  // A line that is flat has no height, and counts as not visible.
  await operations.locator("polyline").first().waitFor();
  await save(operations, "operations", { fullPage: true });
  await client.orders.cancel(id);
}

async function controlSandbox({ sandboxUrl }: LocalStack, rules: object[]): Promise<void> {
  const response = await fetch(`${sandboxUrl}/__control`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ rules }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`the sandbox refused the rules: ${await response.text()}`);
}

/** Waits until so many pictures are drawn. */
async function untilPainted(page: Page, count: number): Promise<void> {
  await page.waitForFunction(
    (count) =>
      [...document.querySelectorAll<HTMLImageElement>("[data-product] img")].filter(
        (image) => image.complete && image.naturalWidth > 0,
      ).length >= count,
    count,
  );
}

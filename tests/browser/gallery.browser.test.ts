import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { falModel, listProducts, placeOrder, replicateModel, tenImages } from "../e2e/order-request.ts";
import { watchLayoutShifts } from "./layout-shift.ts";
import { browserTest } from "./open-console.ts";
import { expectAccessible, expectNoSidewaysScroll } from "./page-checks.ts";

const tiles = (page: Page) => page.locator("[data-product]");

browserTest("gallery: no image yet, says how to make one", async ({ openConsole }) => {
  const { page } = await openConsole("/gallery");
  await page.getByRole("link", { name: "Order the first" }).waitFor();
  await page.getByText("tirage order create").waitFor();
  await expectAccessible(page);
});

browserTest(
  "gallery: more images than a page, nothing moves as they load, and scrolling shows all",
  async ({ openConsole, stack }) => {
    for (const model of [falModel, replicateModel]) {
      await placeOrder(
        stack.apiUrl,
        { ...model, prompt: `a lighthouse by ${model.provider}`, quantity: 30, batchSize: 4 },
        60,
      );
    }
    const { page } = await openConsole("/gallery");
    const shifts = await watchLayoutShifts(page);
    await tiles(page).first().waitFor();
    await expectAccessible(page);
    expect(await shifts.read()).toEqual([]);
    await page.mouse.wheel(0, 20_000);
    await expect.poll(() => page.getByRole("main").getByRole("listitem").count(), { timeout: 15_000 }).toBe(60);
    await page.getByText("60 images, newest first").waitFor();
  },
);

browserTest("gallery: filters are in the address, and nothing that matches is told", async ({ openConsole }) => {
  const { page } = await openConsole("/gallery");
  await page.getByLabel("Prompt contains").fill("BY REPLICATE");
  await page.waitForURL(/search=/);
  await page.getByText("30 images").waitFor();
  await page.reload();
  expect(await page.getByLabel("Prompt contains").inputValue()).toBe("BY REPLICATE");
  await page.getByText("30 images").waitFor();
  await page.getByLabel("Provider").selectOption("fal");
  await page.getByText("No image matches").waitFor();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Show all" }).click();
  await tiles(page).first().waitFor();
});

browserTest(
  "gallery: an image large, by keyboard alone to its neighbours and back to its tile",
  async ({ openConsole }) => {
    const { page } = await openConsole("/gallery");
    await tiles(page).first().focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.getByText(/^Image 1 of/).waitFor();
    await expectAccessible(page);
    await page.keyboard.press("ArrowRight");
    await dialog.getByText(/^Image 2 of/).waitFor();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowLeft");
    await dialog.getByText(/^Image 2 of/).waitFor();
    const id = new URL(page.url()).searchParams.get("product");
    for (let count = 0; count < 12; count += 1) await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.closest("dialog") !== null)).toBe(true);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect(await page.evaluate(() => document.activeElement?.getAttribute("data-product"))).toBe(id);
    expect(new URL(page.url()).searchParams.has("product")).toBe(false);
  },
);

browserTest(
  "gallery: the address of an image on a small dark screen, shows what is known of it, and saves its bytes",
  async ({ openConsole, stack }) => {
    const order = await placeOrder(stack.apiUrl, { ...falModel, ...tenImages, seed: 7 }, 30);
    const [product] = await listProducts(stack.apiUrl, order.id);
    const small = { viewport: { width: 360, height: 740 }, colorScheme: "dark" } as const;
    const { page } = await openConsole(`/gallery?product=${product?.id}`, small);
    const dialog = page.getByRole("dialog", { name: `Image: ${tenImages.prompt}` });
    await dialog.getByText("Provider's request").waitFor();
    await dialog.getByText("fal-ai/flux/schnell").waitFor();
    await dialog.getByText("7", { exact: true }).waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      dialog.getByRole("link", { name: "Download" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`${product?.id}.jpg`);
    expect((await readFile(await download.path())).length).toBe(product?.bytes);
    await dialog.getByRole("link", { name: "Use these settings" }).click();
    await page.waitForURL(`**/?from=${order.id}`);
    await expect.poll(() => page.getByLabel("Prompt").inputValue()).toBe(tenImages.prompt);
  },
);

browserTest("gallery: the address of no image, says so and goes back", async ({ openConsole }) => {
  const { page } = await openConsole(`/gallery?product=${crypto.randomUUID()}`, { allow: /404/ });
  const dialog = page.getByRole("dialog", { name: "This image cannot be shown" });
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Back to the gallery" }).click();
  await tiles(page).first().waitFor();
});

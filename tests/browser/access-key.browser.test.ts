import { createHash } from "node:crypto";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { falModel, tenImages } from "../e2e/order-request.ts";
import { controlSandbox, type TestStack } from "../e2e/start-stack.ts";
import { browserTestWith } from "./open-console.ts";
import { expectAccessible } from "./page-checks.ts";
import { tilesOf } from "./tiles.ts";

const key = "a-key/with?signs=1";
const hash = createHash("sha256").update(key).digest("hex");
const keyedTest = browserTestWith({ AUTH: "api-key", API_KEYS: `local:${hash}` });

const askedFor = (page: Page) => page.getByRole("heading", { level: 1, name: "An API key is needed" });

async function enterKey(page: Page): Promise<void> {
  await page.getByLabel("API key", { exact: true }).fill(key);
  await page.keyboard.press("Enter");
}

/** Everything that scripts of the page can read and that outlives it. */
const readable = (page: Page) =>
  page.evaluate(() => JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }]));

keyedTest(
  "access key: asked for, a wrong one is refused, with the right one images land, and it can be forgotten",
  async ({ openConsole }) => {
    const { page } = await openConsole("/orders", { allow: /401/ });
    const field = page.getByLabel("API key", { exact: true });
    await field.fill("wrong");
    await page.keyboard.press("Enter");
    await page.getByText("This key is not known here").waitFor();
    await expectAccessible(page);

    await enterKey(page);
    await page.getByText("No orders yet").waitFor();
    await page.getByRole("link", { name: "Place the first order" }).click();
    await page.getByRole("button", { name: "Order", exact: true }).click();
    await page.getByText("10 of 10 images", { exact: true }).waitFor();
    await tilesOf(page)
      .first()
      .locator("img")
      .evaluate((image: HTMLImageElement) => image.decode());

    await page.getByRole("button", { name: "Forget the API key" }).click();
    await askedFor(page).waitFor();
    expect(await page.context().cookies()).toEqual([]);
  },
);

keyedTest("access key: kept over a reload and in another tab, where no script can read it", async ({ openConsole }) => {
  const { page } = await openConsole("/gallery", { allow: /401/ });
  await enterKey(page);
  await page.getByRole("heading", { level: 1, name: "Gallery" }).waitFor();

  const [cookie, ...others] = await page.context().cookies();
  expect(others).toEqual([]);
  expect(cookie).toMatchObject({ name: "tirage_session", httpOnly: true, sameSite: "Strict", path: "/" });
  expect(decodeURIComponent(cookie?.value ?? "")).not.toContain(key);
  const held = await readable(page);
  expect(held).not.toContain(key);
  expect(held).not.toContain(cookie?.value);
  expect(held).not.toContain("tirage_session");

  await page.reload();
  const beside = (await openConsole("/gallery", { beside: page })).page;
  for (const tab of [page, beside]) {
    await tab.getByRole("heading", { level: 1, name: "Gallery" }).waitFor();
    await tab.getByRole("button", { name: "Forget the API key" }).waitFor();
    expect(await askedFor(tab).count()).toBe(0);
  }
});

/** Places ten images, of which the last call takes its time. */
async function placeSlowOrder(stack: TestStack): Promise<string> {
  const seed = 4_711;
  await controlSandbox(stack, { rules: [{ fault: "slow", latencyMs: 60_000, inputSeed: seed + 2 }] });
  const response = await fetch(`${stack.apiUrl}/v1/orders`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ ...falModel, ...tenImages, seed }),
    signal: AbortSignal.timeout(10_000),
  });
  expect(response.status).toBe(201);
  return ((await response.json()) as { id: string }).id;
}

keyedTest(
  "access key: no longer known while an order is shown, asked for again, and the page goes on where it was",
  async ({ openConsole, stack }) => {
    const id = await placeSlowOrder(stack);
    const { page } = await openConsole(`/orders/${id}`, { allow: /401/ });
    const progress = page.getByRole("region", { name: "Progress" }).getByText("8 of 10 images");
    await enterKey(page);
    await progress.waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    const dialog = page.getByRole("dialog", { name: "Cancel this order?" });
    await dialog.waitFor();
    await page.context().clearCookies();

    await dialog.getByRole("button", { name: "Cancel the order" }).click();
    await askedFor(page).waitFor();
    expect(await progress.isVisible()).toBe(false);
    await expectAccessible(page);
    await enterKey(page);

    await progress.waitFor();
    await page.getByText("Live", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await dialog.getByRole("button", { name: "Cancel the order" }).click();
    await page.getByText("Cancelled", { exact: true }).first().waitFor();
  },
);

keyedTest(
  "access key: no longer known when an order is placed, what was entered is still there afterwards",
  async ({ openConsole }) => {
    const { page } = await openConsole("/gallery", { allow: /401/ });
    await enterKey(page);
    await page.getByRole("heading", { level: 1, name: "Gallery" }).waitFor();
    await page.goto("/");
    const prompt = page.getByLabel("Prompt", { exact: true });
    await prompt.fill("two foxes in tall grass");
    await page.context().clearCookies();

    await page.getByRole("button", { name: "Order", exact: true }).click();
    await askedFor(page).waitFor();
    await enterKey(page);

    await prompt.waitFor();
    expect(await prompt.inputValue()).toBe("two foxes in tall grass");
    await page.getByRole("button", { name: "Order", exact: true }).click();
    await page.getByText("10 of 10 images", { exact: true }).waitFor();
  },
);

import { expect } from "vitest";
import { falModel, placeOrder } from "../e2e/order-request.ts";
import { browserTest } from "./open-console.ts";
import { expectAccessible } from "./page-checks.ts";

browserTest(
  "palette: opened by Ctrl+K, goes to the page that is found and gives the focus back",
  async ({ openConsole }) => {
    const { page } = await openConsole("/health");
    await page.getByRole("heading", { name: "Services" }).waitFor();
    await page.keyboard.press("Control+k");
    const box = page.getByRole("combobox", { name: "Find a page" });
    await box.fill("queues");
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await box.waitFor({ state: "detached" });
    await page.keyboard.press("Control+k");
    await page.keyboard.type("dead letters");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/operations");
    await page.getByRole("heading", { level: 1, name: "Operations" }).waitFor();
  },
);

browserTest("palette: words that nothing has, says so", async ({ openConsole }) => {
  const { page } = await openConsole("/health");
  await page.getByRole("button", { name: "Find" }).click();
  await page.keyboard.type("no such thing");
  await page.getByText("Nothing has these words").waitFor();
  await expectAccessible(page);
});

browserTest(
  "palette: text is selected to beyond its edge, it stays; a click beside it, it closes",
  async ({ openConsole }) => {
    const { page } = await openConsole("/health");
    await page.getByRole("button", { name: "Find" }).click();
    const box = page.getByRole("combobox", { name: "Find a page" });
    await box.fill("some words");
    const { x, y, height } = (await box.boundingBox()) ?? { x: 0, y: 0, height: 0 };
    await page.mouse.move(x + 40, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(5, y + height / 2);
    await page.mouse.up();
    expect(await box.inputValue()).toBe("some words");

    await page.mouse.click(5, y + height / 2);
    await box.waitFor({ state: "detached" });
  },
);

browserTest("shortcuts: pairs of keys go to pages, and do nothing while typing", async ({ openConsole }) => {
  const { page } = await openConsole("/health");
  await page.getByRole("heading", { name: "Services" }).waitFor();
  for (const [keys, path] of [
    ["gg", "/gallery"],
    ["gq", "/operations"],
    ["go", "/orders"],
    ["gh", "/health"],
  ] as const) {
    await page.keyboard.type(keys);
    await page.waitForURL(`**${path}`);
  }
  await page.keyboard.press("?");
  await page.getByRole("heading", { name: "Keyboard shortcuts" }).waitFor();
  await expectAccessible(page);
  await page.keyboard.press("Escape");

  await page.keyboard.press("Control+k");
  await page.keyboard.type("go?");
  expect(await page.getByRole("combobox", { name: "Find a page" }).inputValue()).toBe("go?");
  expect(new URL(page.url()).pathname).toBe("/health");
  expect(await page.getByRole("heading", { name: "Keyboard shortcuts" }).count()).toBe(0);
});

browserTest(
  "palette: orders of the same prompt, are told apart by status, time and id",
  async ({ stack, openConsole }) => {
    const asked = { ...falModel, prompt: "twins of glass", quantity: 1 };
    const first = await placeOrder(stack.apiUrl, asked);
    const second = await placeOrder(stack.apiUrl, { ...asked, startAt: "2099-01-01T00:00:00Z" });
    const { page } = await openConsole("/health");
    await page.getByRole("heading", { name: "Services" }).waitFor();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("twins");
    const options = page.getByRole("option");
    await expect.poll(() => options.count(), { timeout: 15_000 }).toBe(2);
    const ends = [second.id, first.id].map((id) => id.slice(-8));
    const texts = await options.allInnerTexts();
    expect(texts.map((text) => text.split("\n").at(-1))).toEqual([
      expect.stringMatching(new RegExp(`^Pending · (just now|.* ago) · …${ends[0]}$`)),
      expect.stringMatching(new RegExp(`^(Pending|Processing|Completed) · (just now|.* ago) · …${ends[1]}$`)),
    ]);
    await expectAccessible(page);

    await page.keyboard.type(` ${ends[1]}`);
    await expect.poll(() => options.count()).toBe(1);
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/orders/${first.id}`);
  },
);

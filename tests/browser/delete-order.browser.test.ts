import { expect } from "vitest";
import { falModel, placeOrder } from "../e2e/order-request.ts";
import { controlSandbox } from "../e2e/start-stack.ts";
import { tabTo } from "./keyboard.ts";
import { browserTest } from "./open-console.ts";
import { expectAccessible, expectNoSidewaysScroll } from "./page-checks.ts";
import { tilesOf } from "./tiles.ts";

const networkComplaint = /Failed to load resource.*404/;
const smallAndDark = { viewport: { width: 360, height: 740 }, colorScheme: "dark" } as const;

browserTest(
  "order: deleted in the page, asks first, goes to the list, and is gone from every open page",
  async ({ openConsole, stack }) => {
    await controlSandbox(stack, { rules: [] });
    const doomed = { ...falModel, prompt: "a doomed lighthouse", quantity: 3, batchSize: 4 };
    const { id } = await placeOrder(stack.apiUrl, doomed, 30);
    const kept = await placeOrder(stack.apiUrl, { ...doomed, prompt: "a kept lighthouse", quantity: 44 }, 30);
    const allow = { allow: networkComplaint };
    const { page } = await openConsole(`/orders/${id}`, allow);
    const { page: second } = await openConsole(`/orders/${id}`, { ...allow, beside: page });
    const { page: list } = await openConsole("/orders", { beside: page });
    const { page: gallery } = await openConsole("/gallery", { ...allow, beside: page });
    for (const tab of [page, second]) await expect.poll(() => tilesOf(tab).count(), { timeout: 15_000 }).toBe(3);
    await gallery.mouse.wheel(0, 20_000);
    await expect.poll(() => tilesOf(gallery).count(), { timeout: 15_000 }).toBe(47);
    const row = list.getByText("a doomed lighthouse");
    await row.waitFor();

    await page.getByRole("button", { name: "Delete", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Delete this order?" });
    await dialog.getByText("and its 3 images").waitFor();
    await dialog.getByText("This cannot be undone").waitFor();
    await expectAccessible(page);
    await dialog.getByRole("button", { name: "Keep it" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await dialog.getByRole("button", { name: "Delete the order" }).click();

    await page.waitForURL("**/orders");
    await page.getByText("Order deleted", { exact: true }).waitFor();
    await page.getByText("a kept lighthouse").waitFor();
    expect(await page.getByText("a doomed lighthouse").count()).toBe(0);
    await expectAccessible(page);
    await row.waitFor({ state: "detached" });
    await list.getByText("a kept lighthouse").waitFor();
    await expect.poll(() => tilesOf(gallery).count(), { timeout: 15_000 }).toBe(44);
    await second.getByRole("heading", { name: "This order was deleted" }).waitFor();
    await expectAccessible(second);
    await page.goBack();
    await page.getByRole("heading", { name: "This order was deleted" }).waitFor();
    expect((await fetch(`${stack.apiUrl}/v1/orders/${kept.id}`)).status).toBe(200);
  },
);

browserTest(
  "order: on a small dark screen, can be deleted by keyboard once it has ended and not before",
  async ({ openConsole, stack }) => {
    await controlSandbox(stack, { rules: [{ fault: "slow", latencyMs: 4_000 }] });
    const { id } = await placeOrder(stack.apiUrl, { ...falModel, prompt: "a slow one", quantity: 1 });
    const { page } = await openConsole(`/orders/${id}`, { ...smallAndDark, allow: networkComplaint });
    await page.getByRole("button", { name: "Cancel" }).waitFor();
    expect(await page.getByRole("button", { name: "Delete", exact: true }).count()).toBe(0);
    await page.getByRole("button", { name: "Order again" }).waitFor();

    await tabTo(page, page.getByRole("button", { name: "Delete", exact: true }));
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "Delete this order?" }).waitFor();
    await expectAccessible(page);
    await tabTo(page, page.getByRole("button", { name: "Delete the order" }));
    await page.keyboard.press("Enter");

    await page.waitForURL("**/orders");
    await page.goto(`/orders/${id}`);
    await page.getByRole("heading", { name: "This order was deleted" }).waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
  },
);

import type { Page } from "playwright-core";
import { expect } from "vitest";
import { falModel, placeOrder, readOrder, tenImages, untilEnded } from "../e2e/order-request.ts";
import { controlSandbox } from "../e2e/start-stack.ts";
import { buryCancelRequest, buryWork } from "./bury-message.ts";
import { browserTest } from "./open-console.ts";
import { expectAccessible, expectNoSidewaysScroll } from "./page-checks.ts";

const untilShown = (page: Page) => page.getByRole("heading", { name: "fal", exact: true }).waitFor();
const smallScreen = { viewport: { width: 360, height: 740 } };

browserTest("operations: nothing ordered yet, tells who works and that no letter is dead", async ({ openConsole }) => {
  const { page } = await openConsole("/operations");
  await untilShown(page);
  await page.getByText("No dead letters").waitFor();
  await page.getByText("2 workers").waitFor();
  await expectAccessible(page);
});

browserTest("operations: a screen of 360 px in the dark, needs no sideways scrolling", async ({ openConsole }) => {
  const { page } = await openConsole("/operations", { ...smallScreen, colorScheme: "dark" });
  await untilShown(page);
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
});

browserTest(
  "operations: the dead letter of a failed item is replayed, says so in its place, and the order gets its images",
  async ({ openConsole, stack }) => {
    await controlSandbox(stack, { rules: [{ fault: "policy", times: 1 }] });
    const order = await placeOrder(
      stack.apiUrl,
      { ...falModel, ...tenImages, generations: 1, quantity: undefined },
      30,
    );
    expect(order.status).toBe("failed");
    await controlSandbox(stack, { rules: [] });
    await buryWork(stack, { orderId: order.id, index: 0, reason: "the process ended while it was handled" });

    const { page } = await openConsole("/operations");
    const group = page.getByRole("article", { name: "crash_loop: the process ended" });
    await group.getByRole("button", { name: /Show payload/ }).click();
    await group.getByText(`"orderId": "${order.id}"`).waitFor();
    await expectAccessible(page);
    await group.getByRole("button", { name: /^Replay/ }).click();
    await group.getByText("Replayed: its item runs again").waitFor();
    await expectAccessible(page);

    await group.getByRole("link", { name: /^order/ }).click();
    await page.waitForURL(`**/orders/${order.id}`);
    const ended = await untilEnded(stack.apiUrl, order.id);
    expect(ended.progress.products.produced).toBe(ended.progress.products.requested);
  },
);

browserTest(
  "operations: the payload of a dead letter is edited by keyboard, its faults told at the field, and it is replayed",
  async ({ openConsole, stack }) => {
    const orderId = crypto.randomUUID();
    await buryCancelRequest(stack, orderId);
    const { page } = await openConsole(`/operations?orderId=${orderId}`, { ...smallScreen, allow: /400/ });
    const group = page.getByRole("article", { name: /^malformed/ });
    const field = group.getByRole("textbox", { name: "Payload as JSON" });
    await group.getByRole("button", { name: /Show payload/ }).press("Enter");
    await group.getByRole("button", { name: /Edit payload/ }).press("Enter");
    await expect.poll(() => field.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await field.inputValue()).toBe(JSON.stringify({ orderId, reason: "nobody" }, null, 2));

    await group.getByRole("button", { name: "Replay edited" }).press("Enter");
    await group.getByText("/reason: must be one of customer, deadline").waitFor();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await field.fill("{");
    await group.getByRole("button", { name: "Replay edited" }).press("Enter");
    await group.getByText("Is not JSON").waitFor();
    expect(await field.getAttribute("aria-invalid")).toBe("true");

    await group.getByRole("button", { name: "Cancel" }).press("Enter");
    await group.getByText('"reason": "nobody"').waitFor();
    await group.getByRole("button", { name: /Edit payload/ }).press("Enter");
    await field.fill(JSON.stringify({ orderId, reason: "customer" }));
    await group.getByRole("button", { name: "Replay edited" }).press("Enter");
    await group.getByText("Replayed: put back where it was").waitFor();
    expect(await group.getByRole("button", { name: /Edit payload/ }).count()).toBe(0);
    await expectAccessible(page);
  },
);

browserTest(
  "operations: several dead letters, filtered, selected and discarded once it is confirmed",
  async ({ openConsole, stack }) => {
    const [orderId, otherId] = [crypto.randomUUID(), crypto.randomUUID()];
    for (const index of [0, 1, 2]) await buryWork(stack, { orderId, index, reason: `unreadable at ${index}` });
    await buryWork(stack, { orderId: otherId, index: 0, reason: "unreadable at 0" });

    const { page } = await openConsole(`/operations?orderId=${orderId}`, smallScreen);
    const group = page.getByRole("article", { name: "crash_loop: unreadable" });
    await group.getByRole("checkbox", { name: "Select all 3" }).check();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await page.getByRole("button", { name: "Discard 3 selected" }).click();
    const dialog = page.getByRole("dialog", { name: "Discard 3 dead letters?" });
    await expectAccessible(page);
    await dialog.getByRole("button", { name: "Keep" }).click();
    expect(await group.getByRole("button", { name: /^Discard/ }).count()).toBe(3);

    await page.getByRole("button", { name: "Discard 3 selected" }).click();
    await dialog.getByRole("button", { name: /^Discard/ }).click();
    await expect.poll(() => group.getByText("Discarded", { exact: true }).count()).toBe(3);
    await page.getByRole("button", { name: "Hide the decided" }).click();
    await page.getByText("No dead letter matches").waitFor();
    await page.getByRole("button", { name: "Show all" }).click();
    await page.getByRole("link", { name: /dead letter/ }).click();
    await page.getByRole("link", { name: `order …${otherId.slice(-8)}` }).waitFor();
  },
);

browserTest(
  "operations: a provider paused and resumed in the page, its order waits meanwhile",
  async ({ openConsole, stack }) => {
    const { page } = await openConsole("/operations");
    const fal = page.getByRole("article", { name: "fal" });
    await fal.getByRole("button", { name: "Pause fal" }).click();
    await fal.getByText("Paused by a person").waitFor();
    await expectAccessible(page);
    const order = await placeOrder(stack.apiUrl, { ...falModel, ...tenImages });
    await expect.poll(() => fal.getByText("3", { exact: true }).count(), { timeout: 15_000 }).toBe(1);
    expect(await readOrder(stack.apiUrl, order.id)).toMatchObject({ status: "pending" });

    await fal.getByRole("button", { name: "Resume fal" }).click();
    await fal.getByText("Open", { exact: true }).waitFor();
    expect(await untilEnded(stack.apiUrl, order.id)).toMatchObject({ status: "completed" });
  },
);

browserTest(
  "operations: workers drained in the page, live until drained; work waits, it says what to do, and resumed they make it",
  async ({ openConsole, stack }) => {
    await controlSandbox(stack, { rules: [], latencyMs: 15_000 });
    const first = await placeOrder(stack.apiUrl, { ...falModel, ...tenImages });
    const { page } = await openConsole("/operations", smallScreen);
    await page.getByText("Working", { exact: true }).first().waitFor({ timeout: 15_000 });
    const drain = page.getByRole("button", { name: /^Drain / });
    for (const left of [1, 0]) {
      await drain.first().click();
      await expect.poll(() => drain.count(), { timeout: 15_000 }).toBe(left);
    }
    await page
      .getByText(/^Draining \([1-3] left\)$/)
      .first()
      .waitFor();
    await expectAccessible(page);
    await expect.poll(() => page.getByText("Drained", { exact: true }).count(), { timeout: 30_000 }).toBe(2);
    expect(await untilEnded(stack.apiUrl, first.id)).toMatchObject({ status: "completed" });
    await controlSandbox(stack, { latencyMs: 20 });

    const second = await placeOrder(stack.apiUrl, { ...falModel, ...tenImages });
    const alert = page.getByRole("alert").filter({ hasText: "every worker for it is drained" });
    await alert.getByText(/^npx tirage workers resume /).waitFor({ timeout: 15_000 });
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    const resume = page.getByRole("button", { name: /^Resume / });
    for (const left of [1, 0]) {
      await resume.first().press("Enter");
      await expect.poll(() => resume.count(), { timeout: 15_000 }).toBe(left);
      await page
        .locator(":focus")
        .filter({ hasText: /^Drain/ })
        .waitFor();
    }
    await alert.waitFor({ state: "detached" });
    expect(await untilEnded(stack.apiUrl, second.id)).toMatchObject({ status: "completed" });
  },
);

browserTest(
  "operations: work waits and no worker runs, says so with the command that helps",
  async ({ openConsole, stack }) => {
    const generators = stack.services.filter(({ name }) => name.startsWith("generator-"));
    await Promise.all(generators.map((generator) => generator.stop()));
    const order = await placeOrder(stack.apiUrl, { ...falModel, ...tenImages });
    const { page } = await openConsole("/operations");
    const alert = page.getByRole("alert").filter({ hasText: "no worker is running" });
    await alert.getByText("npm start -- --generators 2").waitFor();
    await expectAccessible(page);

    await Promise.all(generators.map((generator) => generator.start()));
    await alert.waitFor({ state: "detached" });
    expect(await untilEnded(stack.apiUrl, order.id)).toMatchObject({ status: "completed" });
  },
);

browserTest("health: everything up, lists every service with its version", async ({ openConsole }) => {
  const { page } = await openConsole("/health", { ...smallScreen, colorScheme: "dark" });
  await page.getByRole("heading", { name: "Ready for orders" }).waitFor();
  for (const service of ["order-api", "dispatcher", "generator", "status-aggregator"]) {
    await page.getByRole("heading", { name: service }).waitFor();
  }
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
});

browserTest(
  "operations, health: the API out of reach, say as of when what they show is and nothing of it is green; back, all is live",
  async ({ openConsole }) => {
    const { page } = await openConsole("/operations", { allow: /Failed to load resource|net::ERR_/ });
    const asOf = page.getByRole("main").getByText(/^As of \d\d:\d\d:\d\d$/);
    const colourOf = (text: string) =>
      page
        .getByText(text, { exact: true })
        .first()
        .evaluate((element) => getComputedStyle(element).backgroundColor);
    await untilShown(page);
    const badges = ["Open", "Idle"];
    const green = await Promise.all(badges.map(colourOf));
    await page.getByText("All services up").waitFor();
    await page.waitForFunction(() =>
      performance.getEntriesByType("resource").some(({ name }) => /health-page/.test(name)),
    );

    await page.context().setOffline(true);
    await page.getByText(/^The API cannot be reached\. What you see is as of \d\d:\d\d:\d\d, or older\.$/).waitFor();
    for (const title of ["Providers", "Workers", "Internal queues"]) {
      await page
        .getByRole("region", { name: title })
        .getByText(/^As of/)
        .waitFor();
    }
    await page.getByText("The API is away").waitFor();
    expect(await page.getByText("All services up").count()).toBe(0);
    const heartbeats = page.getByText("Heartbeat", { exact: true }).locator("..");
    expect(await heartbeats.getByText(/^\d\d:\d\d:\d\d$/).count()).toBe(2);
    expect(await heartbeats.getByText("just now").count()).toBe(0);
    const grey = await Promise.all(badges.map(colourOf));
    for (const [index, badge] of badges.entries()) expect(grey[index], badge).not.toBe(green[index]);
    await expectAccessible(page);
    await page
      .getByRole("link", { name: /Health/ })
      .first()
      .click();
    await page.getByRole("heading", { name: "Not everything is there" }).waitFor();
    await page.getByText("does not answer").waitFor();
    await expect.poll(() => asOf.count()).toBe(2);
    await expectAccessible(page);

    await page.context().setOffline(false);
    await page.getByRole("heading", { name: "Ready for orders" }).waitFor({ timeout: 30_000 });
    await page.goBack();
    await page.getByText("All services up").waitFor();
    await expect.poll(() => asOf.count()).toBe(0);
    await expect.poll(() => Promise.all(badges.map(colourOf)), { timeout: 10_000 }).toEqual(green);
  },
);

browserTest(
  "operations, health: the broker away, say so with what to do, and show all again once it is back",
  async ({ openConsole, stack }) => {
    const broker = stack.infrastructure.find(({ name }) => name === "NATS");
    await broker?.stop();
    const { page } = await openConsole("/operations", { allow: /503/ });
    await page.getByRole("alert").filter({ hasText: "the broker" }).first().waitFor();
    await page.getByText("Something is away").waitFor();
    await expectAccessible(page);
    await page
      .getByRole("link", { name: /Health/ })
      .first()
      .click();
    await page.getByRole("heading", { name: "Not everything is there" }).waitFor();
    await page.getByText("orders are accepted and wait; start it, or correct NATS_URL").waitFor();
    await expectAccessible(page);

    await broker?.start();
    await page.getByRole("heading", { name: "Ready for orders" }).waitFor({ timeout: 30_000 });
    await page.goBack();
    await untilShown(page);
    await page.getByText("All services up").waitFor();
  },
);

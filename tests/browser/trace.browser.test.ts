import { expect } from "vitest";
import { falModel, placeOrder, tenImages } from "../e2e/order-request.ts";
import { buryWork } from "./bury-message.ts";
import { browserTestWith } from "./open-console.ts";
import { expectAccessible, expectNoSidewaysScroll } from "./page-checks.ts";

const smallScreen = { viewport: { width: 360, height: 740 } };
const traceId = "0af7651916cd43dd8448eb211c80319c";

const browserTest = browserTestWith({
  // Nobody listens: spans that cannot be sent are lost, and orders are traced all the same.
  OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1",
  TRACE_URL_TEMPLATE: "https://jaeger.example/trace/{traceId}?uiEmbed=v0",
});

browserTest("order: traced, links to its trace in another tab", async ({ openConsole, stack }) => {
  const order = await placeOrder(stack.apiUrl, { ...falModel, ...tenImages });
  expect(order.traceId).toMatch(/^[0-9a-f]{32}$/);

  const { page } = await openConsole(`/orders/${order.id}`, smallScreen);
  const link = page.getByRole("link", { name: /^Trace/ });
  await link.waitFor();
  expect(await link.getAttribute("href")).toBe(`https://jaeger.example/trace/${order.traceId}?uiEmbed=v0`);
  expect(await link.getAttribute("target")).toBe("_blank");
  expect(await link.getAttribute("rel")).toBe("noopener");
  await expectAccessible(page);
});

browserTest("order: traced, nobody said where traces are shown, its id to copy", async ({ openConsole, stack }) => {
  const order = await placeOrder(stack.apiUrl, { ...falModel, ...tenImages });

  const { page } = await openConsole("/", smallScreen);
  await page.route("**/v1/health", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), traceUrlTemplate: null } });
  });
  await page.goto(`/orders/${order.id}`);
  await page.getByText(String(order.traceId)).waitFor();
  await page.getByRole("button", { name: "Copy the trace's id" }).waitFor();
  expect(await page.getByRole("link", { name: /^Trace/ }).count()).toBe(0);
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
});

browserTest(
  "operations: a dead letter of a trace and one of none, the first has a link",
  async ({ openConsole, stack }) => {
    const orderId = crypto.randomUUID();
    const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
    await buryWork(stack, { orderId, index: 0, reason: "the process ended", headers });
    await buryWork(stack, { orderId, index: 1, reason: "the process ended" });

    const { page } = await openConsole(`/operations?orderId=${orderId}`, smallScreen);
    const group = page.getByRole("article", { name: /^crash_loop/ });
    const link = group.getByRole("link", { name: /^Trace/ });
    await link.waitFor();
    expect(await group.getByRole("checkbox", { name: /Select dead letter/ }).count()).toBe(2);
    expect(await link.count()).toBe(1);
    expect(await link.getAttribute("href")).toContain(traceId);
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  },
);

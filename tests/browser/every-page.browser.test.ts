import { falModel, placeOrder, tenImages } from "../e2e/order-request.ts";
import { controlSandbox } from "../e2e/start-stack.ts";
import { buryWork } from "./bury-message.ts";
import { browserTest } from "./open-console.ts";
import { expectAccessible, expectNoSidewaysScroll } from "./page-checks.ts";

const widths = [360, 768, 1_280, 1_920];
const longWord = "lighthouse".repeat(12);

browserTest.for(["light", "dark"] as const)(
  "console: every page with something on it, %s, fits from 360 px to wide without a violation",
  async (colorScheme, { openConsole, stack }) => {
    await controlSandbox(stack, { rules: [{ fault: "policy", times: 1 }] });
    const prompt = `a ${longWord} at dusk, ${colorScheme}`;
    const order = await placeOrder(stack.apiUrl, { ...falModel, ...tenImages, prompt }, 30);
    await controlSandbox(stack, { rules: [] });
    await buryWork(stack, { orderId: order.id, index: 0, reason: `${longWord} cannot be read` });
    const { page } = await openConsole("/", { colorScheme });
    for (const [path, shown] of [
      ["/", page.getByRole("button", { name: "Order", exact: true })],
      ["/orders", page.getByText("Partly completed").first()],
      [`/orders/${order.id}`, page.getByText(/paid twice 0/)],
      ["/gallery", page.locator("[data-product]").first()],
      ["/operations", page.getByRole("article", { name: /crash_loop/ })],
      ["/health", page.getByRole("heading", { name: "Ready for orders" })],
    ] as const) {
      await page.goto(path);
      await shown.waitFor();
      for (const width of widths) {
        await page.setViewportSize({ width, height: 800 });
        await expectNoSidewaysScroll(page);
      }
      await expectAccessible(page);
    }
  },
);

browserTest("GET /docs: in a browser, shows the reference", async ({ openConsole }) => {
  // Swagger UI brings one style of its own that the policy keeps out, which is not missed.
  const { page } = await openConsole("/docs", { allow: /swagger-ui-bundle/ });
  await page.getByText("/v1/orders").first().waitFor();
});

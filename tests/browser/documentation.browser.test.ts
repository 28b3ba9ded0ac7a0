import { browserTest } from "./open-console.ts";

browserTest("GET /docs: in a browser, shows the reference", async ({ openConsole }) => {
  // Swagger UI brings one style of its own that the policy keeps out, which is not missed.
  const { page } = await openConsole("/docs", { allow: /swagger-ui-bundle/ });
  await page.getByText("/v1/orders").first().waitFor();
});

import { expect } from "vitest";
import { browserTest } from "./open-console.ts";
import { expectAccessible, expectNoSidewaysScroll } from "./page-checks.ts";

browserTest("operations: nothing ordered yet, tells who works and that no letter is dead", async ({ openConsole }) => {
  const { page } = await openConsole("/operations");
  await page.getByRole("heading", { name: "fal", exact: true }).waitFor();
  await page.getByText("No dead letters").waitFor();
  expect(await page.getByText("2 workers").count()).toBe(1);
  await expectAccessible(page);
});

browserTest("operations: a screen of 360 px in the dark, needs no sideways scrolling", async ({ openConsole }) => {
  const { page } = await openConsole("/operations", { viewport: { width: 360, height: 740 }, colorScheme: "dark" });
  await page.getByRole("heading", { name: "fal", exact: true }).waitFor();
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
});

browserTest("health: everything up, lists every service with its version", async ({ openConsole }) => {
  const { page } = await openConsole("/health");
  await page.getByRole("heading", { name: "Ready for orders" }).waitFor();
  for (const service of ["order-api", "dispatcher", "generator", "status-aggregator"]) {
    await page.getByRole("heading", { name: service }).waitFor();
  }
  await expectAccessible(page);
});

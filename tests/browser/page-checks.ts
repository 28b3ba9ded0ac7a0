import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { expect } from "vitest";

/** No rule of axe is broken by what the page shows now. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const told = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    nodes: nodes.map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary}`),
  }));
  expect(told, `axe at ${page.url()}`).toEqual([]);
}

/** The page can be read by scrolling down alone. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const { scrollWidth, clientWidth, widest } = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const outside = [...document.querySelectorAll("main *")].filter(
      (element) => element.getBoundingClientRect().right > clientWidth + 1,
    );
    return { scrollWidth, clientWidth, widest: outside.slice(0, 3).map(({ outerHTML }) => outerHTML.slice(0, 160)) };
  });
  expect(scrollWidth, `${page.url()} is wider than the screen: ${widest.join("\n")}`).toBeLessThanOrEqual(clientWidth);
}

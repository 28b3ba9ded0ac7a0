import type { Page } from "playwright-core";

interface ShiftEntry extends PerformanceEntry {
  readonly value: number;
  readonly hadRecentInput: boolean;
}

/** Adds up how far what is shown has moved by itself, from the page's beginning on; 0 is nothing. */
export async function measureLayoutShift(page: Page): Promise<{ read(): Promise<number> }> {
  const sum = await page.evaluateHandle(() => {
    const total = { value: 0 };
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as ShiftEntry[]) if (!entry.hadRecentInput) total.value += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
    return total;
  });
  return { read: () => sum.evaluate(({ value }) => value) };
}

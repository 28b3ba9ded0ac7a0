import type { Page } from "playwright-core";

interface ShiftEntry extends PerformanceEntry {
  readonly value: number;
  readonly hadRecentInput: boolean;
  readonly sources: readonly { node: Node | null; previousRect: DOMRectReadOnly; currentRect: DOMRectReadOnly }[];
}

/** Notes what has moved by itself, from the page's beginning on. Empty: nothing has, the layout shift is 0. */
export async function watchLayoutShifts(page: Page): Promise<{ read(): Promise<string[]> }> {
  const noted = await page.evaluateHandle(() => {
    const shifts: string[] = [];
    const describe = ({ node, previousRect, currentRect }: ShiftEntry["sources"][number]) => {
      const what = node instanceof Element ? node.outerHTML.slice(0, 120) : (node?.textContent ?? "a removed element");
      const place = ({ x, y, width, height }: DOMRectReadOnly) => [x, y, width, height].map(Math.round).join(" ");
      return `${what} from ${place(previousRect)} to ${place(currentRect)}`;
    };
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput, sources } of list.getEntries() as ShiftEntry[]) {
        if (!hadRecentInput) shifts.push(`${value}: ${sources.map(describe).join("; ")}`);
      }
    }).observe({ type: "layout-shift", buffered: true });
    return shifts;
  });
  return { read: () => noted.evaluate((shifts) => shifts) };
}

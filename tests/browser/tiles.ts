import type { Locator, Page } from "playwright-core";

/** Images of an order, or of the gallery, that have landed. */
export const tilesOf = (page: Page): Locator => page.locator("main [data-product]");

/**
 * From now on watches for the first tile whose picture is painted; answers when that was, in milliseconds since 1970.
 * Survives going from page to page, as long as none is loaded anew.
 */
export async function watchFirstTile(page: Page): Promise<() => Promise<number>> {
  const seen = await page.evaluateHandle(() => {
    const isPainted = (image: HTMLImageElement) => image.complete && image.naturalWidth > 0;
    const when = new Promise<number>((resolve) => {
      const look = () => {
        const isThere = [...document.querySelectorAll<HTMLImageElement>("[data-product] img")].some(isPainted);
        if (isThere) resolve(Date.now());
        else requestAnimationFrame(look);
      };
      look();
    });
    return { when };
  });
  return () => seen.evaluate(({ when }) => when);
}

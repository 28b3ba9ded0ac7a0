import { createPool } from "@tirage/database";
import { expect, onTestFinished } from "vitest";
import { falModel, placeOrder, untilEnded } from "../e2e/order-request.ts";
import { controlSandbox } from "../e2e/start-stack.ts";
import { watchLayoutShifts } from "./layout-shift.ts";
import { browserTest } from "./open-console.ts";
import { tilesOf } from "./tiles.ts";

/** Of 720 px with two screens of margin and five tiles beside each other, and a page that has just come. */
const mostTilesAtOnce = 160;
/** One for each of 2,000 images, and some for the page and for the tiles that are there. */
const mostElements = 3_000;
const scrollTimeoutMs = 180_000;

/** In the page: goes on by most of a screen, and tells what is there. */
async function scrollOn() {
  scrollBy(0, 700);
  await new Promise(requestAnimationFrame);
  return {
    tiles: document.querySelectorAll("[data-product]").length,
    elements: document.querySelectorAll("*").length,
    leftPx: document.documentElement.scrollHeight - scrollY - innerHeight,
  };
}

browserTest(
  "order: of sixty generations a late one failed while another runs, each tile shows its own state",
  async ({ openConsole, stack }) => {
    const seed = 4_000;
    await controlSandbox(stack, {
      rules: [
        { fault: "policy", inputSeed: seed + 54 },
        { fault: "slow", latencyMs: 15_000, inputSeed: seed + 57 },
      ],
    });
    const sixty = { ...falModel, prompt: "sixty lamps", generations: 60, batchSize: 1, seed };
    const { id } = await placeOrder(stack.apiUrl, sixty);
    const { page } = await openConsole(`/orders/${id}`);
    const imageOf = (number: number) =>
      page
        .getByRole("main")
        .getByRole("listitem")
        .filter({ hasText: `Image ${number}:` });
    await expect.poll(() => tilesOf(page).count(), { timeout: 40_000 }).toBe(58);
    await imageOf(55).getByText("Failed").waitFor();
    await imageOf(58).getByText("Being made").waitFor();

    await untilEnded(stack.apiUrl, id);
    await expect.poll(() => tilesOf(page).count(), { timeout: 15_000 }).toBe(59);
    await imageOf(55).getByText("Failed").waitFor();
  },
);

browserTest(
  "gallery: scrolled through two thousand images, few are in the page at a time, no tile moves, and each can be linked to",
  async ({ openConsole, stack }) => {
    await controlSandbox(stack, { rules: [] });
    const asked = { ...falModel, prompt: "a thousand lamps", quantity: 4, batchSize: 4 };
    const { id } = await placeOrder(stack.apiUrl, asked, 30);
    const failures: Error[] = [];
    const pool = createPool({
      databaseUrl: stack.databaseUrl,
      applicationName: "tirage-test",
      max: 1,
      onError: (error) => failures.push(error),
    });
    onTestFinished(() => pool.end());
    await pool.query(
      `INSERT INTO products (id, order_id, index, attempt, output_index, order_version, storage_key, content_type, bytes,
         width, height, sha256, seed, created_at)
       SELECT gen_random_uuid(), order_id, index + 4 * copy, attempt, output_index, order_version, storage_key,
         content_type, bytes, width, height, sha256, seed, created_at - copy * interval '1 second'
       FROM products, generate_series(1, 499) AS copy WHERE order_id = $1`,
      [id],
    );

    const { page } = await openConsole(`/gallery?search=thousand`);
    await tilesOf(page).first().waitFor();
    const shifts = await watchLayoutShifts(page);
    let mostTiles = 0;
    let elements = 0;
    const hasAll = page.getByText("2,000 images, newest first");
    const deadlineMs = Date.now() + scrollTimeoutMs;
    for (;;) {
      const isWhole = (await hasAll.count()) > 0;
      const now = await page.evaluate(scrollOn);
      mostTiles = Math.max(mostTiles, now.tiles);
      elements = Math.max(elements, now.elements);
      if (isWhole && now.leftPx < 1) break;
      expect(Date.now(), "the end is reached in time").toBeLessThan(deadlineMs);
    }

    expect(await page.getByRole("main").getByRole("listitem").count()).toBe(2_000);
    expect(mostTiles).toBeGreaterThan(40);
    expect(mostTiles).toBeLessThanOrEqual(mostTilesAtOnce);
    expect(elements).toBeLessThanOrEqual(mostElements);
    // What comes below pushes the page's foot and its button down, and nothing else.
    expect((await shifts.read()).filter((shift) => /<li|data-product/.test(shift))).toEqual([]);
    expect(failures).toEqual([]);
    await page.evaluate(() => scrollTo(0, 0));
    await tilesOf(page).first().click();
    await page.getByText("Image 1 of").waitFor();

    const { page: other } = await openConsole("/gallery?search=thousand");
    await expect.poll(() => tilesOf(other).count(), { timeout: 15_000 }).toBe(40);
    await tilesOf(other).last().click();
    await other.getByText("Image 40 of 80 so far").waitFor();
    await other.keyboard.press("ArrowRight");
    await other.getByText("Image 41 of 80 so far").waitFor();

    const last = await pool.query("SELECT id FROM products WHERE order_id = $1 ORDER BY index DESC LIMIT 1", [id]);
    const { page: linked } = await openConsole(`/orders/${id}?product=${last.rows[0]?.id}`);
    await linked.getByRole("dialog").getByText("Image 2000", { exact: true }).waitFor();
  },
  scrollTimeoutMs + 120_000,
);

import { createHash } from "node:crypto";
import { browserTestWith } from "./open-console.ts";
import { expectAccessible } from "./page-checks.ts";
import { tilesOf } from "./tiles.ts";

const key = "a-key/with?signs=1";
const hash = createHash("sha256").update(key).digest("hex");
const keyedTest = browserTestWith({ AUTH: "api-key", API_KEYS: `local:${hash}` });

keyedTest(
  "access key: asked for, a wrong one is refused, with the right one images land, and it can be forgotten",
  async ({ openConsole }) => {
    const { page } = await openConsole("/orders", { allow: /401/ });
    const field = page.getByLabel("API key", { exact: true });
    await field.fill("wrong");
    await page.keyboard.press("Enter");
    await page.getByText("This key is not known here").waitFor();
    await expectAccessible(page);

    await field.fill(key);
    await page.keyboard.press("Enter");
    await page.getByText("No orders yet").waitFor();
    await page.getByRole("link", { name: "Place the first order" }).click();
    await page.getByRole("button", { name: "Order", exact: true }).click();
    await page.getByText("10 of 10 images", { exact: true }).waitFor();
    await tilesOf(page)
      .first()
      .locator("img")
      .evaluate((image: HTMLImageElement) => image.decode());

    await page.getByRole("button", { name: "Forget the API key" }).click();
    await page.getByRole("heading", { level: 1, name: "An API key is needed" }).waitFor();
  },
);

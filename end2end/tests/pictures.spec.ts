// How each page looks on the desk and on the tablet, for a person to look at: `test-results/pages`.

import { ACCOUNTS, SIZES, awake, expect, pictures, test } from "./support";
import { LOOKS, open } from "./support/pages";

test.describe.configure({ mode: "parallel" });

for (const look of LOOKS) {
  test(`${look.name} is pictured`, async ({ as, page: nobody }) => {
    const page = look.by === "nobody" ? nobody : await as(look.by);
    await open(page, look);
    await awake(page);
    await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
    await pictures(page, look.name);
  });
}

test("the board holds both identifiers of every batch on the desk and on the tablet", async ({ as }) => {
  for (const account of [ACCOUNTS.technician, ACCOUNTS.inspector]) {
    const page = await as(account);
    await page.goto("/?state=all");
    for (const size of SIZES) {
      await page.setViewportSize(size);
      for (const din of await page.locator(".board .din").all()) {
        // Sideways alone: a long board goes on below the screen.
        const over = await din.evaluate((element) => {
          const frame = element.closest(".scrolls")!.getBoundingClientRect();
          return element.getBoundingClientRect().right - Math.min(frame.right, window.innerWidth);
        });
        expect(over, `${account.name}, ${size.name}: sticks out by`).toBeLessThanOrEqual(0);
      }
    }
  }
});

test("record, release and trail are pictured on paper", async ({ as }) => {
  for (const name of ["record-expanding", "release-certified", "audit-infused"]) {
    const look = LOOKS.find((one) => one.name === name)!;
    if (look.by === "nobody") {
      throw new Error(`${name} is read by somebody`);
    }
    const page = await as(look.by);
    await open(page, look);
    await page.emulateMedia({ media: "print" });
    // As wide as A4 in CSS pixels.
    await page.setViewportSize({ width: 794, height: 1123 });
    for (const over of await page.locator("details.over").all()) {
      await expect(over.locator(":scope > :not(summary)").first(), "what is folded on the screen is open on paper").toBeVisible();
    }
    await page.screenshot({ path: `test-results/pages/${name}-printed.png`, fullPage: true });
  }
});

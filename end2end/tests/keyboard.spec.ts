// The step at work by keyboard alone: reached, filled, recorded, and on to the next field.

import type { Locator, Page } from "@playwright/test";

import { ACCOUNTS, awake, expect, test } from "./support";
import { register, work } from "./support/record";

/** Presses Tab until the control has the focus. */
async function tabTo(page: Page, control: Locator): Promise<void> {
  for (let press = 0; press < 60; press += 1) {
    await page.keyboard.press("Tab");
    if (await control.evaluate((element) => element === document.activeElement)) {
      return;
    }
  }
  await expect(control, "reached by Tab").toBeFocused();
}

test("entries are recorded one after the other without a hand on the mouse", async ({ as }) => {
  const page = await as(ACCOUNTS.technician);
  await register(page);
  await page.reload();
  await awake(page);
  const entry = (place: number) => work(page).locator(".entries > .entry").nth(place);
  const record = (place: number) => entry(place).getByRole("button", { name: "Record", exact: true });

  await test.step("from the top of the page to the first field", async () => {
    await tabTo(page, entry(0).getByRole("radio", { name: "Yes" }));
    await page.keyboard.press("Space");
    await expect(entry(0).getByRole("radio", { name: "Yes" })).toBeChecked();
    await tabTo(page, record(0));
    await page.keyboard.press("Enter");
    await expect(entry(0)).toContainText(ACCOUNTS.technician.printed);
  });

  await test.step("the next field has the focus", async () => {
    await expect(entry(1).getByRole("radio").first()).toBeFocused();
  });

  await test.step("Enter leads from a field to its button, and a refusal is read out at once", async () => {
    const volume = work(page).getByLabel(/^Volume received/);
    await volume.focus();
    await page.keyboard.type("1,000");
    await page.keyboard.press("Enter");
    await page.waitForTimeout(450);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("alert")).toBeFocused();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect(volume, "the link of the refusal leads to its field").toBeFocused();
    await volume.fill("42");
    await page.keyboard.press("Enter");
    await page.waitForTimeout(450);
    await page.keyboard.press("Enter");
    const recorded = work(page).locator(".entry").filter({ hasText: "Volume received" });
    await expect(recorded.locator(".value")).toHaveText("42 mL");
  });

  await test.step("the first link of the page leads past the head of it", async () => {
    await page.reload();
    await page.keyboard.press("Tab");
    await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("main")).toBeFocused();
  });
});

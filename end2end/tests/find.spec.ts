// The search box of every page: by scanner, by keyboard, without a script.

import type { Page } from "@playwright/test";

import { ACCOUNTS, SIZES, SUBJECTS, awake, expect, signIn, test, withoutScript } from "./support";

/** The infused batch: its number, and what a scanner sends of its label: `=`, the DIN, two flag characters that say nothing of it. */
async function infused(page: Page): Promise<{ number: string; scan: string }> {
  await page.goto("/?state=all");
  const row = page.getByRole("row").filter({ hasText: SUBJECTS.infused });
  const number = (await row.getByRole("link").first().innerText()).trim();
  const din = (await row.locator(".din").innerText()).replace(/\s/g, "");
  return { number, scan: `=${din}00` };
}

test("a scan on the board opens the batch, wherever the focus is", async ({ as }) => {
  const page = await as(ACCOUNTS.technician);
  const { number, scan } = await infused(page);
  for (const before of [
    async () => {},
    async () => page.getByRole("heading", { level: 1 }).click(),
    async () => page.getByLabel("State").focus(),
    async () => page.getByRole("searchbox", { name: "Find" }).fill("half a word"),
  ]) {
    await page.goto("/");
    await awake(page);
    await before();
    if ((await page.getByRole("searchbox", { name: "Find" }).inputValue()) !== "") {
      await page.getByRole("searchbox", { name: "Find" }).selectText();
    }
    await page.keyboard.type(scan);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("region", { name: "Batch", exact: true })).toContainText(number);
  }
});

test("a scan beside the forms of a batch leads nowhere", async ({ as }) => {
  const page = await as(ACCOUNTS.technician);
  const { scan } = await infused(page);
  await page.getByRole("row").filter({ hasText: SUBJECTS.expanding }).getByRole("link").first().click();
  await awake(page);
  const address = page.url();
  await page.getByRole("heading", { level: 2 }).first().click();
  await page.keyboard.type(scan);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("searchbox", { name: "Find" })).toHaveValue("");
  expect(page.url()).toBe(address);
});

test("the key / leads to the box from any page, but not while something is typed", async ({ as }) => {
  const page = await as(ACCOUNTS.technician);
  const { number } = await infused(page);
  const prefix = `${number.toLowerCase()}-u`;
  await page.goto("/harvests/new");
  await awake(page);
  const box = page.getByRole("searchbox", { name: "Find" });
  await page.getByLabel("Subject code").click();
  await page.keyboard.type("GE/1");
  await expect(page.getByLabel("Subject code")).toHaveValue("GE/1");
  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.press("/");
  await expect(box).toBeFocused();
  await expect(box).toHaveValue("");
  await page.keyboard.type(prefix);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Find “${prefix}”`);
  await expect(box).toHaveValue(prefix);
  const units = page.getByRole("region", { name: "What was found" }).getByRole("row").filter({ hasText: "Unit" });
  await expect(units.first()).toContainText(`${number}-U01`);
  await expect(units.first()).toContainText("Infused");
  await units.first().getByRole("link").first().click();
  await expect(page.locator("tr:target")).toContainText(`${number}-U01`);
});

test("the box works without a script", async ({ browser, server }) => {
  const context = await withoutScript(browser, server);
  const page = await context.newPage();
  await signIn(page, ACCOUNTS.technician);
  const { number, scan } = await infused(page);
  await page.goto("/");
  // It has the focus: a scanner types into it.
  await expect(page.getByRole("searchbox", { name: "Find" })).toBeFocused();
  await page.keyboard.type(scan);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Batch", exact: true })).toContainText(number);
  await page.getByRole("searchbox", { name: "Find" }).fill("=<S1234V00");
  await page.getByRole("button", { name: "Find" }).click();
  await expect(page.getByRole("alert")).toContainText("This is a product code scan");
  await context.close();
});

test("what another site has is not found", async ({ as }) => {
  const { scan } = await infused(await as(ACCOUNTS.technician));
  const page = await as(ACCOUNTS.technicianElsewhere);
  await page.goto("/");
  await page.keyboard.type(scan);
  await page.keyboard.press("Enter");
  await expect(page.getByText("Nothing at your sites is called")).toBeVisible();
});

test("the head of the page stays low with the box in it", async ({ as }) => {
  const page = await as(ACCOUNTS.technician);
  await page.goto("/");
  for (const [size, most] of [
    [SIZES[0], 64],
    [SIZES[1], 116],
  ] as const) {
    await page.setViewportSize(size);
    const head = await page.locator("header.top").boundingBox();
    expect(head!.height, size.name).toBeLessThanOrEqual(most);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(over, `${size.name}: sticks out by`).toBeLessThanOrEqual(0);
  }
});

// Quality control as two analysts do it.

import { expect, type Locator, type Page } from "@playwright/test";

import { RESULTS } from "./values";

/** The panel of the test at work. */
function panel(page: Page): Locator {
  return page.getByRole("region", { name: /^(Next: )?.*, sample / }).first();
}

/** Enters one result into the panel, with its sign where it is a bound. */
export async function enterResult(at: Locator, result: string): Promise<void> {
  const [, sign, value] = result.match(/^([<>]?)(.*)$/)!;
  const choice = at.locator(`input[type=radio][name=value][value="${value}"]`);
  if (await choice.count()) {
    await choice.check();
  } else {
    await at.locator(`input[type=radio][name=sign][value="${sign}"]`).check();
    await at.getByLabel(/^Result/).fill(value);
  }
  await at.getByRole("button", { name: "Enter the result" }).click();
}

/** The tests that wait for a result, with the sample of each. */
async function waiting(page: Page, words: string): Promise<string[]> {
  const rows = page
    .getByRole("region", { name: /^Waiting/ })
    .getByRole("row")
    .filter({ hasText: words });
  return rows.getByRole("link").allInnerTexts();
}

/** The first analyst enters everything that waits for a result. */
export async function enterAll(page: Page, batch: string): Promise<void> {
  await page.goto(`${batch}/quality`);
  for (const test of await waiting(page, "the result")) {
    const lines = page.getByRole("region", { name: /^Waiting/ });
    await lines.getByRole("link", { name: test, exact: true }).click();
    await expect(panel(page)).toContainText(test);
    await enterResult(panel(page), RESULTS[test]);
    const line = lines.getByRole("row").filter({ has: page.getByRole("link", { name: test, exact: true }) });
    await expect(line).toContainText("review by a second analyst");
  }
}

/** The second analyst compares each with the raw data. */
export async function reviewAll(page: Page, batch: string): Promise<void> {
  await page.goto(`${batch}/quality`);
  for (const test of await waiting(page, "review by a second analyst")) {
    const lines = page.getByRole("region", { name: /^Waiting/ });
    await lines.getByRole("link", { name: test, exact: true }).click();
    await expect(panel(page)).toContainText(test);
    await panel(page).getByRole("button", { name: "Confirm the result as reviewed" }).click();
    await expect(lines.getByRole("link", { name: test, exact: true })).toHaveCount(0);
  }
  await expect(page.getByText("Every test has a result that a second analyst reviewed.")).toBeVisible();
}

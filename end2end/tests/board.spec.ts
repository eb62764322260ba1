// The board: what is due first, whatever else is open; and what is done with goes away.

import { ACCOUNTS, SUBJECTS, awake, expect, test } from "./support";

test("an open deviation flags a culture and leaves it its due time", async ({ as }) => {
  const page = await as(ACCOUNTS.technician);
  const row = () => page.getByRole("row").filter({ hasText: SUBJECTS.expanding });
  await page.goto("/");
  const due = await row().locator("td .due").innerText();
  await expect(row()).toContainText("In process");
  const batch = await row().getByRole("link").first().getAttribute("href");
  await page.goto(`${batch}/deviations`);
  await awake(page);
  await page.getByLabel(/^What happened/).fill("A bottle of medium was dropped");
  await page.getByRole("button", { name: "Raise the deviation" }).click();
  await expect(page.getByText("A bottle of medium was dropped").first()).toBeVisible();
  await page.goto("/");
  await expect(row().locator("td .due")).toHaveText(due);
  await expect(row()).toContainText("In process");
  await expect(row()).toContainText("Deviation open");
  await expect(row()).not.toContainText("Hold");
  await page.getByLabel("State").selectOption({ label: "Deviation open" });
  await page.getByRole("button", { name: "Show" }).click();
  await expect(row()).toHaveCount(1);
  await expect(page.getByRole("row").filter({ hasText: SUBJECTS.registered })).toHaveCount(0);
  await page.goto(batch!);
  await expect(page.getByRole("region", { name: "Batch", exact: true })).toContainText("Deviation open");
});

test("fresh marrow is due from its collection, and an infused batch is no longer open", async ({ as }) => {
  const page = await as(ACCOUNTS.technician);
  await page.goto("/");
  const fresh = page.getByRole("row").filter({ hasText: SUBJECTS.registered });
  await expect(fresh).toContainText("Receipt of the aspirate");
  await expect(fresh.locator("td .due")).not.toHaveText("");
  await expect(fresh).toContainText(/collected \d+ h ago/);
  const infused = page.getByRole("row").filter({ hasText: SUBJECTS.infused });
  await expect(infused).toHaveCount(0);
  await page.goto("/?state=infused");
  await expect(infused).toContainText("Infused");
  await expect(infused).not.toContainText("Released");
});

test("the copy for a spreadsheet says the same", async ({ as }) => {
  const page = await as(ACCOUNTS.technician);
  await page.goto("/?state=all");
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "CSV" }).click();
  const stream = await (await download).createReadStream();
  const parts: Buffer[] = [];
  for await (const part of stream) {
    parts.push(part as Buffer);
  }
  const text = Buffer.concat(parts).toString("utf8");
  expect(text).toContain("Batches,\"All, ");
  expect(text).toContain("State,Flags,Next");
  const line = (subject: string) => text.split("\n").find((one) => one.includes(`,${subject},`))!;
  expect(line(SUBJECTS.infused)).toContain(",Infused,");
  expect(line(SUBJECTS.blocked)).toContain("Deviation open");
});

// A time that a person stated is corrected with a reason: the old one stays readable in the audit trail.

import { ACCOUNTS, awake, expect, test } from "./support";
import { registerAtOnce, work } from "./support/record";

const atSite = (moment: Date) => {
  const day = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Rome", dateStyle: "short" }).format(moment);
  const time = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Rome", hour: "2-digit", minute: "2-digit" }).format(moment);
  return { day, time };
};

// A11-9
test("a stated time is corrected with a reason, and a time in the future is refused", async ({ as }) => {
  const page = await as(ACCOUNTS.technician);
  await registerAtOnce(page);
  await awake(page);
  const record = work(page).locator("form").filter({ hasText: "Handed over by" });
  await record.getByRole("textbox").first().fill("Carrier 7");
  await record.getByRole("button", { name: "Record", exact: true }).click();
  const entry = work(page).locator(".entry").filter({ hasText: "Carrier 7" });
  await expect(entry.locator("time").first()).toBeVisible();
  await entry.locator("summary").filter({ hasText: "Correct the time" }).click();
  const form = entry.locator("form").filter({ hasText: "True time" });
  const tomorrow = atSite(new Date(Date.now() + 86_400_000));
  await form.getByLabel("True time").fill(`${tomorrow.day} ${tomorrow.time}`);
  await form.getByLabel("Reason for the correction").fill("read from the wrong clock");
  await form.getByRole("button", { name: "Correct the time" }).click();
  await expect(form).toContainText("is in the future");
  const before = atSite(new Date(Date.now() - 60_000));
  await form.getByLabel("True time").fill(`${before.day} ${before.time}`);
  await form.getByRole("button", { name: "Correct the time" }).click();
  await expect(work(page).locator(".entry").filter({ hasText: "Carrier 7" }).locator("time").first()).toContainText(before.time);
});

test("the page of the clock says that it is confirmed", async ({ as }) => {
  const page = await as(ACCOUNTS.technician);
  await page.goto("/clock");
  await expect(page.getByRole("heading", { name: "Clock", level: 1 })).toBeVisible();
  await expect(page.getByText("The clock is confirmed.")).toBeVisible();
});

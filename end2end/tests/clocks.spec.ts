// Days and hours that are not as others: the change to summer time and back, a browser far from the site, days that never were.

import type { Page } from "@playwright/test";

import { ACCOUNTS, awake, batchOf, expect, inDays, newIdentifiers, Server, SUBJECTS, test } from "./support";
import { post, posted, refused } from "./support/post";
import { harvestForm, registerAtOnce, work } from "./support/record";

/** The last Sunday of a month that is over, on which the clocks of the EU change. */
function change(month: 3 | 10): string {
  const today = inDays(0);
  for (let year = Number(today.slice(0, 4)); ; year -= 1) {
    const last = new Date(Date.UTC(year, month - 1, 31));
    last.setUTCDate(31 - last.getUTCDay());
    const day = last.toISOString().slice(0, 10);
    if (day < today) {
      return day;
    }
  }
}

// DI-6
test("an hour that never was is refused, one that was there twice is asked for, and nothing is moved silently", async ({ as }) => {
  const page = await as(ACCOUNTS.technician);
  await page.goto("/about");
  const [spring, autumn] = [change(3), change(10)];
  // Some days before it was consent given and weight taken.
  const collected = (day: string, time: string) => ({
    ...harvestForm(newIdentifiers()),
    collected_at: `${day} ${time}`,
    consented_on: "2020-02-29",
    weighed_on: day,
  });
  await refused(page, "register-harvest", collected(spring, "02:30"), /never was: the clocks went forward/);
  await refused(page, "register-harvest", collected(autumn, "02:30"), new RegExp(`was there twice.*${autumn} 02:30 CEST or ${autumn} 02:30 CET`));
  await refused(page, "register-harvest", collected(autumn, "04:30 CEST"), /did not show CEST then. Write .* 04:30 CET/);
  // By the name of the clocks, as the page shows it, or by the offset.
  for (const [which, letters] of [
    ["CEST", "CEST"],
    ["CET", "CET"],
    ["+02:00", "CEST"],
    ["UTC+1", "CET"],
  ]) {
    const address = await posted(page, "register-harvest", collected(autumn, `02:30 ${which}`));
    await page.goto(address);
    await page.getByText(/^Harvest/).first().click();
    await expect(page.locator("#harvest"), `02:30 ${which}`).toContainText(new RegExp(`${autumn}\\s+02:30\\s+${letters}`));
  }
});

test("days that never were are refused, and a leap day is one", async ({ as }) => {
  const page = await as(ACCOUNTS.technician);
  await page.goto("/about");
  const form = harvestForm(newIdentifiers());
  for (const [day, words] of [
    ["2025-02-29", /is not in the calendar/],
    ["2026-04-31", /is not in the calendar/],
    ["2026-13-01", /is not in the calendar/],
    ["03.02.2024", /can be read in two ways/],
  ] as const) {
    await refused(page, "register-harvest", { ...form, consented_on: day }, words);
  }
  expect(await post(page, "register-harvest", { ...form, consented_on: "2024-02-29" })).toHaveProperty("done");
});

for (const zone of ["Pacific/Auckland", "America/Los_Angeles"]) {
  test(`a browser in ${zone} shows and sends the times of the site`, async ({ as }) => {
    const page = await as(ACCOUNTS.technician, { zone });
    await registerAtOnce(page);
    await awake(page);
    const clock = work(page).locator("[data-clock]").first();
    const atSite = () =>
      new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Rome", hour: "2-digit", minute: "2-digit" }).format(new Date());
    await expect.poll(async () => (await clock.innerText()).startsWith(atSite()), "the clock is the site's").toBe(true);
    const performed = new Date(Date.now() - 10 * 60_000);
    const typed = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Rome", hour: "2-digit", minute: "2-digit" }).format(performed);
    const day = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Rome", dateStyle: "short" }).format(performed);
    const form = work(page).locator("form").filter({ hasText: "Handed over by" });
    await form.getByRole("textbox").first().fill("Carrier 7");
    await form.getByText(/^Done now/).click();
    await form.getByLabel("Performed at").fill(`${day} ${typed}`);
    await form.getByRole("button", { name: "Record", exact: true }).click();
    const entry = work(page).locator(".entry").filter({ hasText: "Carrier 7" });
    await expect(entry.locator("time").first()).toContainText(typed);
    const moment = new Date((await entry.locator("time").first().getAttribute("datetime"))!);
    expect(Math.abs(moment.getTime() - performed.getTime()), "as the site's clock meant it").toBeLessThan(60_000);
  });
}

// RMM-1: seven days of sterility "tested on" the day of sampling are no pass.
test("a pass that was read before the minimum time of its method is pending, until it is read in time", async ({ as }) => {
  const server = await Server.start();
  try {
    const [first, second] = [await as(ACCOUNTS.analyst, { server }), await as(ACCOUNTS.secondAnalyst, { server })];
    const batch = await batchOf(first, SUBJECTS.waiting);
    const panel = (page: Page) => page.getByRole("region", { name: /^Sterility, sample / });
    const open = async (page: Page) => {
      await page.goto(`${batch}/quality`);
      await page.getByRole("link", { name: "Sterility", exact: true }).first().click();
      await awake(page);
      await expect(panel(page)).toBeVisible();
    };
    const enter = async (result: string, on: string) => {
      await open(first);
      await panel(first).getByLabel(result, { exact: true }).check();
      await panel(first).getByLabel("Day of the test").fill(on);
      await panel(first).getByRole("button", { name: "Enter the result" }).click();
      await expect(first.locator("main")).toContainText(`tested on ${on}`);
      await open(second);
      await panel(second).getByRole("button", { name: "Confirm the result as reviewed" }).click();
      await expect(second.getByRole("button", { name: "Confirm the result as reviewed" })).toHaveCount(0);
    };
    const verdict = async () => {
      await second.goto(`${batch}/release`);
      return second.locator("#criterion-sterility");
    };
    await expect(await verdict()).toContainText("Pass");

    // The sample is some weeks old; its result is invalidated, and the repeat is said to be of the very day of sampling.
    await open(second);
    await panel(second).getByText("Invalidate this result").click();
    await panel(second).getByLabel("growth in the negative control").check();
    await panel(second).getByLabel("Evidence").fill("Growth in control 3 of run 12.");
    await panel(second).getByRole("button", { name: "Invalidate the result" }).click();
    await expect(second.locator("main")).toContainText("Invalid, growth in the negative control");
    await open(first);
    const counts = (await panel(first).innerText()).match(/A pass counts from\s+(\d{4}-\d\d-\d\d)/)![1];
    const sampled = new Date(`${counts}T12:00:00Z`);
    sampled.setUTCDate(sampled.getUTCDate() - 7);
    await enter("no growth", sampled.toISOString().slice(0, 10));
    await open(second);
    await expect(panel(second)).toContainText(`until ${counts}`);
    await expect(await verdict()).toContainText("Pending");
    await expect(await verdict()).toContainText(`until ${counts}: read before the minimum time of its method`);
    await expect(second.getByText(`Sterility (final-product) is pending until ${counts}`)).toBeVisible();

    // Read again in time, it counts; what was read before stays in sight.
    await enter("no growth", inDays(0));
    await expect(await verdict()).toContainText("Pass");
    await open(first);
    await expect(first.locator("main")).toContainText("Read before the minimum time of its method");
  } finally {
    await server.stop();
  }
});

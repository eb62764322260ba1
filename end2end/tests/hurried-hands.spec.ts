// Gloves, haste and a network that comes and goes.

import { ACCOUNTS, awake, expect, expectNoise, test } from "./support";
import { enter, entryForm, register, title, work } from "./support/record";
import { trail } from "./support/trail";

// DI-7
test("a double tap records one entry, and the page goes on to the next", async ({ as }) => {
  const page = await as(ACCOUNTS.technician);
  const inspector = await as(ACCOUNTS.inspector);
  await register(page);
  await awake(page);
  const batch = new URL(page.url()).pathname;
  const form = entryForm(page, "Handed over by");
  await enter(form, "Carrier 7");
  await form.getByRole("button", { name: "Record", exact: true }).dblclick();
  await expect(form).toHaveCount(0);
  await expect(page.getByRole("alert")).toHaveCount(0);
  await expect(entryForm(page, "Temperature logger").getByRole("textbox").first()).toBeFocused();
  const entries = (await trail(inspector, batch)).filter(({ field }) => field === "handed-over-by" || field === "Handed over by");
  expect(entries).toHaveLength(1);
});

test("what is typed into other fields stays while one is recorded", async ({ as }) => {
  const page = await as(ACCOUNTS.technician);
  await register(page);
  await awake(page);
  await enter(entryForm(page, "Temperature logger"), "LOG-17");
  await enter(entryForm(page, "Room"), "Clean room 2");
  const form = entryForm(page, "Handed over by");
  await enter(form, "Carrier 7");
  await form.getByRole("button", { name: "Record", exact: true }).click();
  await expect(form).toHaveCount(0);
  await expect(entryForm(page, "Temperature logger").getByRole("textbox").first()).toHaveValue("LOG-17");
  await expect(entryForm(page, "Room").getByRole("textbox").first()).toHaveValue("Clean room 2");
});

for (const script of [true, false]) {
  test(`the way back after a form ${script ? "with" : "without"} a script sends nothing again`, async ({ as }) => {
    const page = await as(ACCOUNTS.technician, { script });
    const inspector = await as(ACCOUNTS.inspector);
    await register(page);
    const batch = new URL(page.url()).pathname;
    const form = entryForm(page, "Handed over by");
    await enter(form, "Carrier 7");
    await form.getByRole("button", { name: "Record", exact: true }).click();
    await expect(form).toHaveCount(0);
    const before = (await trail(inspector, batch)).length;
    await page.goBack();
    await page.goto(batch);
    expect(await title(page)).toBe("Receipt of the aspirate");
    await expect(work(page).getByText("Carrier 7").first()).toBeVisible();
    await page.reload();
    expect((await trail(inspector, batch)).length).toBe(before);
  });
}

test("an entry typed on a page that is behind is told that it is recorded already", async ({ as }) => {
  const one = await as(ACCOUNTS.technician);
  await register(one);
  const other = await as(ACCOUNTS.secondTechnician);
  await other.goto(one.url());
  await awake(other);
  for (const [page, value] of [
    [one, "16.8"],
    [other, "17.2"],
  ] as const) {
    const form = entryForm(page, "Lowest temperature on the way");
    await enter(form, value);
    await form.getByRole("button", { name: "Record", exact: true }).click();
  }
  await expect(other.getByRole("alert")).toContainText("is already recorded as 16.8 °C");
});

test("without a network an entry says so and keeps what was typed, and is recorded once when it is back", async ({ as }) => {
  const page = await as(ACCOUNTS.technician);
  const inspector = await as(ACCOUNTS.inspector);
  await register(page);
  await awake(page);
  const batch = new URL(page.url()).pathname;
  const form = entryForm(page, "Handed over by");
  await enter(form, "Carrier 7");
  await page.context().setOffline(true);
  await form.getByRole("button", { name: "Record", exact: true }).click();
  await expect(form.getByRole("alert")).toContainText("There is no connection to the server");
  await expect(form.getByRole("textbox").first()).toHaveValue("Carrier 7");
  expectNoise(/ERR_INTERNET_DISCONNECTED/);
  await page.context().setOffline(false);
  await form.getByRole("button", { name: "Record", exact: true }).click();
  await expect(form).toHaveCount(0);

  // The answer is lost on its way: it was recorded all the same, and isn't again.
  const second = entryForm(page, "Temperature logger");
  await enter(second, "LOG-17");
  await page.route("**/api/record-entry", async (route) => {
    await route.fetch();
    await route.abort();
  });
  await second.getByRole("button", { name: "Record", exact: true }).click();
  await expect(second.getByRole("alert")).toContainText("There is no connection to the server");
  expectNoise(/ERR_FAILED/);
  await page.unroute("**/api/record-entry");
  await second.getByRole("button", { name: "Record", exact: true }).click();
  await expect(second).toHaveCount(0);
  await expect(page.getByRole("alert")).toHaveCount(0);
  const entries = (await trail(inspector, batch)).filter(({ new: value }) => value === "Carrier 7" || value === "LOG-17");
  expect(entries).toHaveLength(2);
});

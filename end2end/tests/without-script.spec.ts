// A journey on plain pages: no script runs in these browsers.

import { ACCOUNTS, expect, newIdentifiers, signIn, test, withoutScript, wrongCheckCharacter } from "./support";
import {
  complete,
  completing,
  confirm,
  confirmations,
  enter,
  entryForm,
  fillHarvest,
  record,
  recordAll,
  register,
  registerAtOnce,
  sign,
  title,
  work,
} from "./support/record";
import { trail } from "./support/trail";

test.use({ javaScriptEnabled: false });

// UI-8: works as a page first
test("a harvest is registered, its receipt recorded, corrected, confirmed and signed, a deviation raised", async ({ page }) => {
  test.setTimeout(120_000);
  await signIn(page, ACCOUNTS.technician);
  await page.getByRole("link", { name: "New harvest" }).click();
  const harvest = newIdentifiers();
  await fillHarvest(page, harvest);

  await test.step("what is refused comes back with everything that was typed", async () => {
    await page.getByLabel("Check character").fill(wrongCheckCharacter(harvest.din));
    await page.getByLabel("Body weight").fill("heavy");
    await page.getByRole("button", { name: "Register the harvest" }).click();
    const summary = page.getByRole("alert");
    await expect(summary.getByRole("link")).toHaveCount(2);
    await expect(page.getByLabel("Subject code")).toHaveValue(harvest.subject);
    await expect(page.getByLabel("Body weight")).toHaveValue("heavy");
    await expect(page.getByLabel("Body weight")).toHaveAttribute("aria-invalid", "true");
    await expect(page.getByLabel(/consent is confirmed/)).toBeChecked();
    await summary.getByRole("link", { name: /heavy/ }).click();
    await expect(page.getByLabel("Body weight")).toBeFocused();
    await page.getByLabel("Body weight").fill("60");
    await page.getByLabel("Check character").fill(harvest.check);
    await page.getByRole("button", { name: "Register the harvest" }).click();
    await expect(page.getByRole("region", { name: "Batch", exact: true })).toContainText(harvest.subject);
  });

  await test.step("entries, one of them corrected: the old value stays, with the reason", async () => {
    await record(page, "Lowest temperature on the way", "61.8");
    const entry = work(page).locator(".entry").filter({ hasText: "Lowest temperature on the way" });
    await entry.getByText("Correct", { exact: false }).first().click();
    // Its time is corrected by a form of its own beside it.
    const correction = entry.locator("form").filter({ has: page.getByRole("button", { name: "Correct the entry" }) });
    await correction.getByLabel("Lowest temperature on the way").fill("16.8");
    await correction.getByLabel("Reason for the correction").fill("Digits turned round");
    await correction.getByRole("button", { name: "Correct the entry" }).click();
    await expect(entry.locator("del")).toHaveText(/61\.8 °C/);
    await expect(entry.locator(".value")).toHaveText("16.8 °C");
    await entry.getByText("Corrected").click();
    await expect(entry.getByText("Digits turned round")).toBeVisible();
    await recordAll(page);
  });

  await test.step("a second person on the same tablet, then the signature", async () => {
    await confirm(confirmations(page).first(), { ...ACCOUNTS.secondTechnician, password: "marrow to bone" });
    const fold = confirmations(page).first();
    await expect(fold.getByRole("alert")).toContainText("User name or password is not right");
    await expect(fold.getByLabel("User name of the second person")).toHaveValue(ACCOUNTS.secondTechnician.name);
    await confirm(fold, ACCOUNTS.secondTechnician);
    await expect(confirmations(page)).toHaveCount(0);
    await expect(work(page).getByText("Confirmed by Technician 2")).toBeVisible();
    await expect(page.getByRole("link", { name: /^Technician 1/ }), "the first person stays signed in").toBeVisible();
    await sign(work(page).getByRole("region", { name: "Signature", exact: true }), ACCOUNTS.technician, "marrow to bone");
    await completing(page).click();
    await expect(work(page).getByRole("alert")).toContainText("User name or password is not right");
    await complete(page, ACCOUNTS.technician);
    expect(await title(page)).toBe("Donor testing");
  });

  await test.step("a deviation", async () => {
    await work(page).getByRole("link", { name: "Raise a deviation" }).click();
    const raise = page.getByRole("group").filter({ hasText: "Raise a deviation" }).first();
    await raise.getByRole("button", { name: "Raise the deviation" }).click();
    await expect(raise.getByRole("alert")).toContainText("What happened is empty");
    await raise.getByLabel("What happened").fill("The report of the laboratory names another day of sampling.");
    await raise.getByRole("button", { name: "Raise the deviation" }).click();
    const number = (await page.getByRole("region", { name: "Batch", exact: true }).getByRole("link").innerText()) + "-D1";
    await expect(page.getByRole("heading", { name: new RegExp(`${number} Open`) })).toBeVisible();
    await expect(page.getByRole("region", { name: new RegExp(`^${number}`) })).toContainText("Donor testing");
  });
});

for (const script of [false, true]) {
  // DI-8: an expired session in the middle of a form
  test(`a session ends in the middle of a form ${script ? "with" : "without"} a script: sign in, and nothing is lost`, async ({ as }) => {
    const page = await as(ACCOUNTS.technician, { script });
    await register(page);
    const form = entryForm(page, "Handed over by");
    await enter(form, "Carrier 7, by transport form 2026/19");
    await form.getByText(/^Done now/).click();
    await form.getByLabel("Performed at").fill("00:01");
    await page.context().clearCookies({ name: "autolog" });
    await form.getByRole("button", { name: "Record", exact: true }).click();
    await expect(page.getByText("You were signed out before your form was saved.")).toBeVisible();
    // A slip at the sign-in loses nothing either.
    await page.getByLabel("User name").fill(ACCOUNTS.technician.name);
    await page.getByLabel("Password").fill("marrow to bone");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("alert")).toContainText("User name or password is not right");
    await page.getByLabel("Password").fill(ACCOUNTS.technician.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("alert")).toContainText("What you typed is still here");
    await expect(form.getByRole("textbox").first()).toHaveValue("Carrier 7, by transport form 2026/19");
    await expect(form.getByLabel("Performed at")).toHaveValue("00:01");
    await form.getByLabel("Performed at").fill("");
    await form.getByRole("button", { name: "Record", exact: true }).click();
    await expect(form).toHaveCount(0);
    await expect(work(page).getByText("Carrier 7, by transport form 2026/19").first()).toBeVisible();
  });
}

test("what somebody typed is shown to nobody else", async ({ as, browser, server }) => {
  const page = await as(ACCOUNTS.technician, { script: false });
  await register(page);
  const form = entryForm(page, "Lowest temperature on the way");
  await enter(form, "cold");
  await form.getByRole("button", { name: "Record", exact: true }).click();
  await expect(form.getByRole("textbox").first()).toHaveValue("cold");
  const address = page.url();
  const context = await withoutScript(browser, server);
  const other = await context.newPage();
  await signIn(other, ACCOUNTS.technician);
  await other.goto(address);
  await expect(entryForm(other, "Lowest temperature on the way").getByRole("textbox").first()).toHaveValue("");
  await context.close();
});

test("a line that is cut on the way there or back: the browser's own “reload” sends the form again, and it is recorded once", async ({ as }) => {
  const page = await as(ACCOUNTS.technician, { script: false });
  const inspector = await as(ACCOUNTS.inspector, { script: false });
  await registerAtOnce(page);
  const address = page.url();
  const values = async () => (await trail(inspector, new URL(address).pathname)).map(({ new: value }) => value);

  const there = entryForm(page, "Handed over by");
  await enter(there, "Carrier 7");
  await page.context().setOffline(true);
  await there.getByRole("button", { name: "Record", exact: true }).click();
  await page.waitForURL("chrome-error://chromewebdata/");
  await page.context().setOffline(false);
  expect(await values()).not.toContain("Carrier 7");
  await page.reload();
  await expect(work(page).getByText("Carrier 7")).toBeVisible();

  const back = entryForm(page, "Temperature logger");
  await enter(back, "Logger 17");
  await page.route("**/api/record-entry", async (route) => {
    await route.fetch({ maxRedirects: 0 });
    await route.abort();
  });
  await back.getByRole("button", { name: "Record", exact: true }).click();
  await page.waitForURL("chrome-error://chromewebdata/");
  await page.unroute("**/api/record-entry");
  await page.reload();
  await expect(work(page).getByText("Logger 17")).toBeVisible();
  expect((await values()).filter((value) => value === "Logger 17")).toHaveLength(1);
});

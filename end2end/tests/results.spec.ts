// Results as QC works through them: entered one after the other without losing the place, corrected and returned before
// their review; and what is typed and not sent, which comes back to its own person.

import type { Page } from "@playwright/test";

import { ACCOUNTS, awake, axe, batchOf, expect, pictures, Server, signIn, SUBJECTS, test } from "./support";
import { posted } from "./support/post";

let server: Server;

test.beforeAll(async () => {
  server = await Server.start();
});

test.afterAll(async () => {
  await server.stop();
});

/** Results that were reviewed are found to be typed wrong, so that they are awaited again; gives the address of the batch. */
async function awaited(second: Page, tests: string[]): Promise<string> {
  const batch = await batchOf(second, SUBJECTS.waiting);
  const html = await (await second.request.get(`${batch}/quality`)).text();
  for (const test of tests) {
    const row = html.match(new RegExp(`\\?sample=([0-9a-f-]{36})&(?:amp;)?test=${test}#`));
    expect(row, test).not.toBeNull();
    await posted(second, "invalidate-result", {
      batch: batch.split("/").pop()!,
      sample: row![1],
      criterion: test,
      result: "1",
      reason: "transcription-error",
      evidence: "the printout has another figure",
      raw_data: "FC-12, page 3",
    });
  }
  return batch;
}

/** The address at which a test is chosen. */
async function chosenAt(page: Page, batch: string, test: string): Promise<string> {
  const html = await (await page.request.get(`${batch}/quality`)).text();
  return html.match(new RegExp(`href="(/batches/[^"#]*\\?sample=[0-9a-f-]{36}&(?:amp;)?test=${test}#chosen)"`))![1].replaceAll("&amp;", "&");
}

/** Chooses or types anything that the test can find. */
async function fillResult(form: ReturnType<Page["locator"]>): Promise<void> {
  const figure = form.locator('input[inputmode="decimal"]');
  if (await figure.count()) {
    await figure.first().fill("95");
    return;
  }
  const choice = form.locator('select[name="value"]');
  if (await choice.count()) {
    await choice.selectOption({ index: 1 });
    return;
  }
  const radio = form.locator('input[type="radio"][name="value"]');
  if (await radio.count()) {
    await radio.first().check();
    return;
  }
  await form.locator('[name="value"]').first().fill("as expected");
}

// I: after each result the page stays where it is, with the focus on the next one.
test("after a result the page stays in its place and the focus is in the next test", async ({ as }) => {
  const page = await as(ACCOUNTS.analyst, { server });
  const batch = await awaited(await as(ACCOUNTS.secondAnalyst, { server }), ["cd105", "cd73", "cd90"]);
  await page.goto(`${batch}/quality`);
  await awake(page);
  const chosen = page.locator("#chosen");
  let before = "";
  for (let entered = 0; entered < 3; entered += 1) {
    const form = chosen.locator('form[action="/api/enter-result"]');
    if ((await form.count()) === 0) {
      break;
    }
    const heading = await chosen.getByRole("heading").first().innerText();
    expect(heading).not.toBe(before);
    before = heading;
    await fillResult(form);
    const at = await page.evaluate(() => window.scrollY);
    await form.getByRole("button", { name: "Enter the result" }).click();
    if (entered < 2) {
      await expect(chosen.getByRole("heading").first()).not.toHaveText(heading);
    } else {
      await expect(chosen).toHaveCount(0);
      break;
    }
    const moved = Math.abs((await page.evaluate(() => window.scrollY)) - at);
    expect(moved, "the page stays where it is").toBeLessThan(200);
    const inside = await page.evaluate(() => document.querySelector("#chosen")!.contains(document.activeElement));
    expect(inside, "the focus is in the next test").toBe(true);
  }
  expect(before).not.toBe("");
});

// I: a typing error is corrected before its review; a change of the verdict asks for raw data and a second analyst at once.
test("an analyst corrects a result, with a second analyst where the verdict changes; both values stay", async ({ as }) => {
  const page = await as(ACCOUNTS.analyst, { server });
  const batch = await awaited(await as(ACCOUNTS.secondAnalyst, { server }), ["viability"]);
  const to = await chosenAt(page, batch, "viability");
  await page.goto(to);
  await awake(page);
  await page.locator('#chosen input[inputmode="decimal"]').fill("1");
  await page.getByRole("button", { name: "Enter the result" }).click();
  await expect(page.locator("form[action='/api/enter-result']")).toHaveCount(0);
  await page.goto(to);
  await awake(page);
  await page.getByText("Correct this result", { exact: true }).click();
  const form = page.locator('form[action="/api/correct-result"]');
  await form.locator('input[inputmode="decimal"]').fill("99");
  await form.getByRole("button", { name: "Correct the result" }).click();
  const summary = form.getByRole("alert");
  // All at once: the reason, the raw data, and the second analyst with the password.
  await expect(summary).toContainText("Not saved: correct 4 fields");
  await expect(summary).toContainText("changes the verdict from fail to pass");
  // A refusal goes away when its field is corrected.
  await form.getByLabel("Reason for the correction").fill("digits left out");
  await expect(summary).toContainText("Not saved: correct 3 fields");
  await expect(summary.getByRole("listitem")).toHaveCount(3);
  await form.getByLabel("Raw data").fill("FC-12, page 3");
  await expect(summary).toContainText("Not saved: correct 2 fields");
  await form.getByLabel("User name of the second analyst").fill(ACCOUNTS.secondAnalyst.name);
  await expect(summary).toContainText("Not saved: correct 1 field");
  await form.getByLabel("Password of the second analyst").fill(ACCOUNTS.secondAnalyst.password);
  await expect(summary).toHaveCount(0);
  await form.getByRole("button", { name: "Correct the result" }).click();
  await expect(page.locator("table.tests del").first()).toBeVisible();
  await page.goto(to);
  await expect(page.locator("#chosen")).toContainText("Entered first");
  await axe(page);
  await pictures(page, "quality-corrected");
});

// I: a draft is on the server, for its person alone, without what signs.
test("what is typed and not sent survives a change of page and of session for its person alone", async ({ as }) => {
  const page = await as(ACCOUNTS.technician, { server });
  const batch = await batchOf(page, SUBJECTS.expanding);
  await page.goto(batch);
  await awake(page);
  await page.getByText("Comment on the batch", { exact: true }).click();
  const comment = page.locator("#comments form").getByLabel("Comment");
  const saved = page.waitForResponse("**/api/save-draft");
  await comment.fill("half a thought");
  await saved;
  await page.goto(`${batch}/quality`);
  await page.goto(batch);
  await expect(comment, "it is there again, unfolded").toHaveValue("half a thought");
  await expect(page.locator("#comments .draft-note")).toBeVisible();
  await axe(page);

  await page.goto("/about");
  await page.getByRole("button", { name: "Sign out" }).click();
  await signIn(page, ACCOUNTS.secondTechnician);
  await page.goto(batch);
  await expect(page.getByText("half a thought")).toHaveCount(0);
  await page.goto("/about");
  await page.getByRole("button", { name: "Sign out" }).click();
  await signIn(page, ACCOUNTS.technician);
  await page.goto(batch);
  await expect(comment).toHaveValue("half a thought");
  await awake(page);
  await page.getByRole("button", { name: "Add the comment" }).click();
  await expect(comment).toHaveValue("");
  await page.reload();
  await expect(page.locator("#comments .draft-note"), "sent, it is no draft any more").toHaveCount(0);
});

// I: two minutes before the session ends the page says so, and nothing on it moves.
test("the page says that the session ends, two minutes before, and a button goes on with it", async ({ as }) => {
  const page = await as(ACCOUNTS.technician, { server });
  const batch = await batchOf(page, SUBJECTS.expanding);
  await page.clock.install();
  await page.goto(batch);
  await awake(page);
  const notice = page.getByRole("alert").filter({ hasText: "signed out within 2 minutes" });
  await page.clock.fastForward("11:30");
  await expect(notice).toHaveCount(0);
  const height = () => page.evaluate(() => document.body.scrollHeight);
  const before = await height();
  await page.clock.fastForward("02:00");
  await expect(notice).toBeVisible();
  expect(await height(), "nothing moves").toBe(before);
  await axe(page);
  await pictures(page, "session-ends");
  const stayed = page.waitForResponse("**/api/stay-signed-in");
  await page.getByRole("button", { name: "Stay signed in" }).click();
  await stayed;
  await expect(notice).toHaveCount(0);
  await page.clock.fastForward("15:00");
  await expect(page.getByRole("alert").filter({ hasText: "You are signed out." })).toBeVisible();
});

// I: a print is a form; the paper opens from the list of prints.
test("a certificate is printed with an entry, by an inspector too, and listed with who and when", async ({ as }) => {
  const page = await as(ACCOUNTS.inspector, { server });
  const batch = await batchOf(page, SUBJECTS.certified);
  await page.goto(`${batch}/release`);
  await awake(page);
  await page.getByRole("button", { name: /^Print certificate / }).click();
  const prints = page.getByRole("region", { name: /^Prints/ });
  await expect(prints.getByRole("row").nth(1)).toContainText("Inspector 1 (inspector.1)");
  await expect(prints.getByRole("link").first()).toBeFocused();
  const to = (await prints.getByRole("link").first().getAttribute("href"))!;
  const [one, two] = [await page.request.get(to), await page.request.get(to)];
  expect((await one.body()).equals(await two.body())).toBe(true);
  await axe(page);
  await pictures(page, "release-prints");
  await posted(page, "print-certificate", { batch: batch.split("/").pop()!, number: (await page.getByRole("button", { name: /^Print certificate / }).innerText()).split(" ").at(-1)! });
  await page.reload();
  await expect(prints.getByRole("row")).toHaveCount(3);
});

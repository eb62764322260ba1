// A failing answer to a stop holds the batch: on its pages and past them. Work that keeps the cells alive goes on, and only
// the record that the master record names lets the batch go on.

import type { Page } from "@playwright/test";

import { ACCOUNTS, batchOf, expect, Server, SUBJECTS, test } from "./support";
import { posted, refused } from "./support/post";
import { complete, confirmAll, record, recordAll, sign, title, work } from "./support/record";
import { lastEntry } from "./support/trail";

let own: Server;
test.beforeAll(async () => {
  own = await Server.start();
});
test.afterAll(async () => {
  await own.stop();
});

const idOf = (address: string) => address.split("/")[2];
const held = (page: Page) => page.getByRole("region", { name: "On hold", exact: true });

/** The number of the stop that is open, from the address that its band leads to. */
async function stopOf(page: Page): Promise<string> {
  const link = await held(page).getByRole("link").first().getAttribute("href");
  return link!.split("#stop-")[1];
}

// ATMP-9
test("a damaged container holds the batch until it is assessed and QA lifts the stop on that entry", async ({ as }) => {
  test.setTimeout(240_000);
  const technician = await as(ACCOUNTS.technician, { server: own });
  const reviewer = await as(ACCOUNTS.reviewer, { server: own });
  const qualified = await as(ACCOUNTS.qualifiedPerson, { server: own });
  const address = await batchOf(technician, SUBJECTS.expanding);
  const batch = idOf(address);
  await technician.goto(address);
  await expect(held(technician)).toHaveCount(0);
  const wrong = { batch, step: "receipt", field: "container-intact", value: "no", reason: "The crack was seen on the picture" };
  await posted(technician, "correct-entry", wrong);

  await test.step("each page says what holds the batch and what lifts it", async () => {
    for (const page of ["", "/quality", "/deviations", "/release"]) {
      await reviewer.goto(`${address}${page}`);
      await expect(held(reviewer)).toContainText("Container intact: no, expected yes");
      await expect(held(reviewer)).toContainText("“The material can be used” in Assessment of a hold, and the signature of QA");
    }
    const blocker = reviewer.getByRole("link", { name: /^On hold: Container intact: no, expected yes/ });
    await blocker.click();
    await expect(reviewer.getByRole("heading", { name: /^Stop: Container intact/ })).toBeVisible();
    await expect(reviewer.getByRole("heading", { name: /^GE-\d{4}-\d{4}-D1/ })).toBeVisible();
  });

  await test.step("nothing is signed, on the page or past it", async () => {
    await qualified.goto(`${address}/release`);
    await expect(qualified.getByRole("button", { name: "Sign and certify the batch" })).toHaveCount(0);
    const signature = async (by = ACCOUNTS.qualifiedPerson) => ({
      batch,
      seen: String(await lastEntry(qualified, address)),
      user_name: by.name,
      password: by.password,
    });
    await refused(qualified, "certify", await signature(), /on hold: Container intact/);
    await refused(reviewer, "sign-review", await signature(ACCOUNTS.reviewer), /on hold: Container intact/);
    const closing = { batch, step: "hold-assessment#2", field: "found", value: "nothing" };
    await refused(technician, "record-entry", closing, /has no step/);
    await refused(technician, "entry-not-applicable", { batch, step: "receipt", field: "container-intact", reason: "?" }, /is already over/);
  });

  await test.step("the culture is kept alive, and that is flagged", async () => {
    await technician.goto(address);
    const where = await title(technician);
    await recordAll(technician);
    await confirmAll(technician, ACCOUNTS.secondTechnician);
    await complete(technician, ACCOUNTS.technician);
    await technician.goto(`${address}/release`);
    const exceptions = technician.getByRole("region", { name: /^Exceptions/ });
    await expect(exceptions).toContainText("Recorded while the batch was on hold: Container intact: no, expected yes");
    await expect(exceptions).toContainText(where);
  });

  await test.step("the assessment is recorded, confirmed, and QA lifts the stop on it", async () => {
    await reviewer.goto(`${address}/deviations`);
    await expect(reviewer.getByText("The assessment is not recorded yet; then QA signs here.")).toBeVisible();
    await technician.goto(`${address}/deviations`);
    await technician.getByRole("link", { name: "Record the assessment" }).click();
    await expect(work(technician).getByRole("heading", { level: 2 })).toContainText("Assessment of a hold");
    await record(technician, "Found on inspection", "The crack is in the outer box; the bag is whole and tight.");
    await record(technician, "The material can be used", "yes");
    const stop = await stopOf(technician);
    await reviewer.reload();
    await expect(reviewer.getByText("The material can be used is not confirmed by a second person")).toBeVisible();
    await confirmAll(technician, ACCOUNTS.secondTechnician);
    const other = await lastEntry(reviewer, address);
    const lift = { batch, stop, evidence: "2", seen: String(other), user_name: ACCOUNTS.reviewer.name, password: ACCOUNTS.reviewer.password };
    await refused(reviewer, "lift-stop", lift, /is not lifted by this/);
    await refused(technician, "lift-stop", lift, /Your roles at this site don.t allow/);
    await reviewer.reload();
    const section = reviewer.getByRole("region", { name: /^Stop: Container intact/ });
    await expect(section).toContainText("I lift the stop “Container intact” of batch");
    await sign(section.getByRole("region", { name: "Signature", exact: true }), ACCOUNTS.reviewer);
    await section.getByRole("button", { name: "Sign and lift the stop" }).click();
    await expect(held(reviewer)).toHaveCount(0);
    await expect(section).toContainText("Stop lifted, batch may go on");
  });

  await test.step("the trail tells it", async () => {
    await reviewer.goto(`${address}/audit`);
    for (const words of ["Stop raised, batch on hold", "Stop lifted"]) {
      await expect(reviewer.getByRole("cell", { name: new RegExp(`^${words}`) }).first()).toBeVisible();
    }
  });
});

// ATMP-9: identity is confirmed by two people who read both identifiers again, and a third who signs.
test("an identity stop is lifted by two readings of two people and QA's signature", async ({ as }) => {
  test.setTimeout(120_000);
  const technician = await as(ACCOUNTS.technician, { server: own });
  const second = await as(ACCOUNTS.secondTechnician, { server: own });
  const reviewer = await as(ACCOUNTS.reviewer, { server: own });
  const address = await batchOf(technician, SUBJECTS.registered);
  await technician.goto(address);
  await record(technician, "Subject code and DIN on container and order agree", "no");
  await expect(held(technician)).toContainText("Subject code and DIN on container and order agree: no, expected yes");
  const band = technician.getByRole("region", { name: "Batch", exact: true });
  const [din, check] = [await band.locator(".din").innerText(), await band.locator(".check").innerText()];
  const reads = async (page: Page, subject: string, verdict: string) => {
    await page.goto(`${address}/deviations`);
    const section = page.getByRole("region", { name: /^Stop: Subject code and DIN/ });
    await section.getByLabel("Subject code, from the order").fill(subject);
    await section.getByLabel("DIN, from the container").fill(din);
    await section.getByLabel("Check character").fill(check);
    const readings = section.locator("tbody tr");
    const before = await readings.count();
    await section.getByRole("button", { name: "Record what was read" }).click();
    await expect(readings).toHaveCount(before + 1);
    await expect(readings.last()).toContainText(verdict);
  };
  const section = reviewer.getByRole("region", { name: /^Stop: Subject code and DIN/ });
  await reads(technician, SUBJECTS.registered, "Agrees");
  await reads(second, "GE-099", "Does not agree");
  await reviewer.goto(`${address}/deviations`);
  await expect(section.getByRole("button", { name: "Sign and lift the stop" })).toHaveCount(0);
  await reads(second, SUBJECTS.registered, "Agrees");
  await reviewer.reload();
  // What was read before a reading that did not agree counts no more.
  await expect(section.getByRole("button", { name: "Sign and lift the stop" })).toHaveCount(0);
  await reads(technician, SUBJECTS.registered, "Agrees");
  await reviewer.reload();
  await sign(section.getByRole("region", { name: "Signature", exact: true }), ACCOUNTS.reviewer);
  await section.getByRole("button", { name: "Sign and lift the stop" }).click();
  await expect(held(reviewer)).toHaveCount(0);
});

// A medium that expired years ago is not used without a word.
test("a lot that had expired on the day of its use is flagged at once", async ({ as }) => {
  const technician = await as(ACCOUNTS.technician, { server: own });
  const address = await batchOf(technician, SUBJECTS.expanding);
  const batch = idOf(address);
  await technician.goto(address);
  const expired = { batch, step: "seed@P0", field: "medium-expiry", value: "2020-01-01", reason: "Read again on the bottle" };
  await posted(technician, "correct-entry", expired);
  await technician.goto(`${address}/release`);
  const exceptions = technician.getByRole("region", { name: /^Exceptions/ });
  await expect(exceptions).toContainText(/Culture medium, expiry 2020-01-01 is outside its limit ≥ \d{4}-\d\d-\d\d \(day of use\)/);
});

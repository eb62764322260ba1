// What is typed wrongly is refused with words at its field, or understood as it was meant; never misread.

import type { Locator, Page } from "@playwright/test";

import {
  ACCOUNTS,
  awake,
  batchOf,
  expect,
  inDays,
  minutesAgo,
  newIdentifiers,
  SUBJECTS,
  test,
  wrongCheckCharacter,
} from "./support";
import { posted, post, refused } from "./support/post";
import { enter, entryForm, fillHarvest, record, register, turnTo, work } from "./support/record";
import { trail } from "./support/trail";

/** What is wrong with a number, whatever the number is of: typed, and in what words it is refused. */
const NUMBERS: [string, RegExp][] = [
  ["", /empty|Nothing is entered/],
  ["   ", /empty|Nothing is entered/],
  ["-3", /below zero/],
  ["1e99", /power of ten/],
  ["1.9 x 106", /power of ten/],
  ["1,000", /two ways|not plausible/],
  ["1.000", /two ways|not plausible/],
  ["1,000.5", /a comma and a dot/],
  ["9".repeat(30), /digits/],
  ["0.1234567891", /decimals/],
  ["12 drops", /more than a number/],
  ["12 d", /is in d; this field is in/],
  ["1\u200b2", /invisible character/],
  ["=A99991712345600", /This is a DIN scan/],
  ["twelve", /not a number/],
  ["NaN", /not a number/],
  ["٣", /digits other than 0 to 9|not a number/],
];

// DI-4, A11d-10.1
test("a new harvest with what can't be right is refused at the field, and what was typed stays", async ({ as }) => {
  test.setTimeout(90_000);
  const page = await as(ACCOUNTS.technician);
  await page.goto("/harvests/new");
  await awake(page);
  const right = newIdentifiers();
  await fillHarvest(page, right);
  const cases: [string, string, RegExp][] = [
    ["Check character", wrongCheckCharacter(right.din), /check character/i],
    ["Check character", "", /check character/i],
    ["Donation identification number (DIN)", "A99972", /13 characters|DIN/],
    ["Donation identification number (DIN)", `O${right.din.slice(1)}`, /O/],
    ["Donation identification number (DIN)", right.din.toLowerCase(), /./],
    ["Donation identification number (DIN)", "=G12341765432171", /ends in 71/],
    ["Donation identification number (DIN)", "=>019031", /This is an expiry date scan/],
    ["Chain-of-identity id (CoI)", "CH123", /./],
    ["Subject code", "Maria Rossi", /never a name/],
    ["Subject code", "", /empty/],
    ["Time of collection", minutesAgo(-60), /future/],
    ["Time of collection", "05/03/2026 13:42", /05\/03\/2026 13:42/],
    ["Time of collection", "", /empty/],
    ["Day of consent", inDays(1), /future|before the day of consent/],
    ["Day of weighing", inDays(1), /future/],
    ["Day of weighing", "", /empty/],
    ["Volume of the aspirate", "0", /above zero/],
    ["Volume of the aspirate", "2001", /not plausible/],
    ["Body weight", "1.9", /not plausible/],
    ["Body weight", "401", /not plausible/],
    ...NUMBERS.map(([typed, words]) => ["Body weight", typed, words] as [string, string, RegExp]),
  ];
  const send = page.getByRole("button", { name: "Register the harvest" });
  for (const [label, typed, words] of cases) {
    const field = page.getByLabel(label, { exact: false }).first();
    const before = await field.inputValue();
    await field.fill(typed);
    await send.click();
    const said = page.getByRole("alert").getByRole("link");
    await expect(said.first(), `${label}: “${typed}”`).toContainText(words);
    await expect(field, `${label} keeps what was typed`).toHaveValue(typed);
    await field.fill(before);
  }
  await page.getByLabel(/consent is confirmed/).uncheck();
  await send.click();
  await expect(page.getByRole("alert")).toContainText("Consent is not confirmed");
  await page.getByLabel(/consent is confirmed/).check();
  await page.getByLabel(/^Two identifiers were read/).uncheck();
  await send.click();
  await expect(page.getByRole("alert")).toContainText("identity check is not confirmed");
  await page.getByLabel(/^Two identifiers were read/).check();
  // A decimal comma is understood.
  await page.getByLabel("Body weight").fill("79,9");
  await send.click();
  await expect(page).toHaveURL(/\/batches\//);
  await page.getByText(/^Harvest/).first().click();
  await expect(page.getByText(/^79\.9 kg/)).toBeVisible();

  await test.step("a donation number is used once", async () => {
    await page.goto("/harvests/new");
    await fillHarvest(page, { ...newIdentifiers(), din: right.din, check: right.check });
    await send.click();
    await expect(page.getByRole("alert")).toContainText(/is already used by batch GE-\d+-\d+/);
  });
  await test.step("a chain-of-identity id is of one subject", async () => {
    await page.goto("/harvests/new");
    await fillHarvest(page, { ...newIdentifiers(), coi: right.coi });
    await send.click();
    await expect(page.getByRole("alert")).toContainText(`belongs to subject ${right.subject}`);
  });
  await test.step("another spelling of a subject is refused with the one that is known", async () => {
    await page.goto("/harvests/new");
    await fillHarvest(page, { ...newIdentifiers(), subject: right.subject.toLowerCase(), coi: "" });
    await send.click();
    await expect(page.getByRole("alert")).toContainText(`spelled ${right.subject}`);
  });
  await test.step("an order without a chain-of-identity id is registered", async () => {
    await page.goto("/harvests/new");
    await fillHarvest(page, { ...newIdentifiers(), coi: "" });
    await send.click();
    await expect(page).toHaveURL(/\/batches\//);
    await page.locator("#harvest summary").first().click();
    await expect(page.locator("#harvest")).toContainText("Chain-of-identity idnone");
  });
});

/** Sends a value and expects to be told why it is not taken. */
async function isRefused(page: Page, form: Locator, typed: string, words: RegExp): Promise<void> {
  await enter(form, typed);
  await form.getByRole("button", { name: "Record", exact: true }).click();
  await expect(form.getByRole("alert"), `“${typed}”`).toContainText(words);
  await expect(form.getByRole("textbox").first()).toHaveValue(typed);
}

test("a number of a step is judged while it is typed, refused where it is none, and a comma is understood", async ({ as }) => {
  test.setTimeout(90_000);
  const page = await as(ACCOUNTS.technician);
  await register(page);
  await awake(page);
  const form = entryForm(page, "Lowest temperature on the way");
  // Below zero is a temperature, and outside the limit.
  for (const [typed, words] of NUMBERS.filter(([typed]) => !typed.startsWith("-"))) {
    await isRefused(page, form, typed, words);
  }
  const judgement = form.locator("[id$='-value-judgement']");
  await enter(form, "1,9");
  await expect(judgement).toHaveText(/outside the limit.*1\.9/);
  await enter(form, "2");
  await expect(judgement).toHaveText("within the limit");
  await record(page, "Lowest temperature on the way", "16,8");
  await expect(work(page).locator(".entry").filter({ hasText: "Lowest temperature" }).locator(".value")).toHaveText("16.8 °C");
});

// ATMP-9: a scanner ends with Enter.
test("a scan into the wrong field is named and not recorded, and Enter never sends a form", async ({ as }) => {
  const page = await as(ACCOUNTS.technician);
  await page.goto("/harvests/new");
  await awake(page);
  const scan = async (field: Locator, code: string) => {
    await field.focus();
    await page.keyboard.type(code);
    await page.keyboard.press("Enter");
  };
  const subject = page.getByLabel("Subject code");
  await scan(subject, "=A99991712345600");
  await expect(page.getByText("This is a DIN scan. The subject code has letters, digits and hyphens only.")).toBeVisible();
  await expect(subject).toBeFocused();
  // What is scanned next takes its place.
  await scan(subject, "GE-771");
  await expect(subject).toHaveValue("GE-771");
  const din = page.getByLabel("Donation identification number (DIN)");
  await expect(din).toBeFocused();
  await scan(din, "=+02000=A99991712345600=G12341765432170");
  await expect(page.getByText(/holds two donation numbers/)).toBeVisible();
  const consented = page.getByLabel("Day of consent");
  await scan(consented, "=>026365");
  await expect(page.getByText(/^This is an expiry date scan\. Enter “Day of consent” as/)).toBeVisible();
  await scan(consented, "&*0260641330");
  await expect(consented).toHaveValue("2026-03-05");
  await expect(page).toHaveURL(/harvests\/new/);

  await register(page);
  await awake(page);
  const logger = entryForm(page, "Temperature logger");
  await scan(logger.getByRole("textbox").first(), "=<S12951A0");
  await expect(logger.getByText(/This is a product code scan/)).toBeVisible();
  await expect(logger.getByRole("button", { name: "Record", exact: true })).toBeVisible();
  // A scanner may send Enter twice: only a person's records.
  await scan(logger.getByRole("textbox").first(), "LOG-12");
  await page.keyboard.press("Enter");
  await expect(logger.getByRole("button", { name: "Record", exact: true })).toBeFocused();
  await page.waitForTimeout(450);
  await page.keyboard.press("Enter");
  await expect(work(page).locator(".entry").filter({ hasText: "Temperature logger" }).locator(".value")).toHaveText("LOG-12");

  // Without the script the server names it.
  const plain = await as(ACCOUNTS.technician, { script: false });
  await plain.goto("/harvests/new");
  await plain.getByLabel("Subject code").fill("=A99991712345600");
  await plain.getByLabel("Subject code").press("Enter");
  await expect(plain.getByRole("alert")).toContainText("This is a DIN scan.");
});

test("counts, percentages and times that contradict the record are refused", async ({ as }) => {
  test.setTimeout(90_000);
  const page = await as(ACCOUNTS.technician);
  const address = await batchOf(page, SUBJECTS.expanding);
  await page.goto(address);
  await awake(page);
  await turnTo(page, "P3 Detachment and count");
  await isRefused(page, entryForm(page, "Confluence"), "100.5", /100|percent|%/);
  await isRefused(page, entryForm(page, "Confluence"), "-1", /below zero|-1/);
  await record(page, "Total cells", "750 000");
  const viable = entryForm(page, "Viable cells");
  await isRefused(page, viable, "750001", /Viable cells \(750.001\) are more than total cells \(750.000\)/);

  const at = async (typed: string, words: RegExp) => {
    const when = viable.getByLabel("Performed at");
    if (!(await when.isVisible())) {
      await viable.getByText(/^Done now/).click();
    }
    await enter(viable, "740000");
    await when.fill(typed);
    await viable.getByRole("button", { name: "Record", exact: true }).click();
    await expect(viable.getByRole("alert")).toContainText(words);
    await expect(when).toHaveValue(typed);
  };
  await at(minutesAgo(-30), /is in the future/);
  await at("2020-01-01 10:00", /is before .*P3/);
  await at("yesterday", /yesterday/);
  await at("2026-13-01 10:00", /“2026-13-01” is not in the calendar/);
  await at("25:00", /25:00/);
});

// ATMP-9
test("another batch's sample, unit, deviation or entry is refused", async ({ as }) => {
  const analyst = await as(ACCOUNTS.analyst);
  const reviewer = await as(ACCOUNTS.reviewer);
  const technician = await as(ACCOUNTS.technician);
  const mine = await batchOf(analyst, SUBJECTS.waiting);
  const other = await batchOf(analyst, SUBJECTS.blocked);
  const batch = mine.split("/")[2];
  await analyst.goto(`${other}/quality`);
  const link = analyst.getByRole("link", { name: "CD105", exact: true });
  const sample = new URL((await link.getAttribute("href"))!, analyst.url()).searchParams.get("sample")!;
  const result = { batch, sample, criterion: "cd105", sign: "", value: "99", tested_on: inDays(0) };
  await refused(analyst, "enter-result", result, /not one of batch GE-/);
  await refused(analyst, "review-result", { ...result, result: "1" }, /not one of batch GE-/);
  await refused(analyst, "enter-result", { ...result, sample: "S01" }, /not one of batch GE-/);
  await reviewer.goto(`${other}/deviations`);
  const deviation = (await reviewer.locator("section[id^=deviation-]").first().getAttribute("id"))!.slice("deviation-".length);
  await refused(reviewer, "classify-deviation", { batch, deviation, class: "minor" }, /not one of batch GE-/);
  await technician.goto(`${other}/release`);
  const unit = (await technician.locator("tr[id^=unit-]").first().getAttribute("id"))!.slice("unit-".length);
  await refused(technician, "destroy-unit", { batch, unit, reason: "none" }, /not one of this batch/);
  await refused(technician, "comment", { batch: "0", step: "", text: "x" }, /no such record/);
});

// DI-7: said once, recorded once
test("a form that is sent twice is recorded once", async ({ as }) => {
  const page = await as(ACCOUNTS.technician);
  const inspector = await as(ACCOUNTS.inspector);
  await register(page);
  const address = new URL(page.url()).pathname;
  const batch = address.split("/")[2];
  const comments = async () => (await trail(inspector, address)).filter(({ new: text }) => text?.startsWith("Said")).length;

  await test.step("the same command twice gets the same answer", async () => {
    const id = "6c1f6a0e-0d3b-4c0e-9a53-3d8f0d1f7f01";
    const comment = { batch, step: "", text: "Said once" };
    expect(await posted(page, "comment", comment, id)).toBe(await posted(page, "comment", comment, id));
    expect(await comments()).toBe(1);
    // The same id with something else in it is no repetition.
    expect(await post(page, "comment", { ...comment, text: "Said otherwise" }, id)).toHaveProperty("refused");
    expect(await comments()).toBe(1);
  });

  await test.step("a double click without a script", async () => {
    const plain = await as(ACCOUNTS.technician, { script: false });
    await plain.goto(address);
    await plain.getByText("Comment on the batch", { exact: true }).click();
    await plain.locator("#comments").getByLabel("Comment").fill("Said with a nervous hand");
    await plain.locator("#comments").getByRole("button", { name: "Add the comment" }).dblclick();
    await expect(plain.getByText("Said with a nervous hand")).toBeVisible();
    expect(await comments()).toBe(2);
  });
});

test("words of any length and letters are kept as they are, or refused", async ({ as }) => {
  const page = await as(ACCOUNTS.technician);
  await register(page);
  const address = new URL(page.url()).pathname;
  const batch = address.split("/")[2];
  const text = "</textarea><script>alert(1)</script> “Żółć” 99 % 🧫 ' \" & \\ =1+1";
  await posted(page, "comment", { batch, step: "", text });
  await page.reload();
  await expect(page.getByText(text, { exact: false })).toBeVisible();
  await refused(page, "comment", { batch, step: "", text: "x".repeat(4001) }, /4001 characters; at most 4000/);
  await refused(page, "comment", { batch, step: "", text: " \n " }, /empty/);
});

for (const script of [true, false]) {
  test(`all that is wrong with a form about people and passwords is said at once, ${script ? "with" : "without"} a script`, async ({ as }) => {
    const page = await as(ACCOUNTS.administrator, { script });
    const open = async (address: string, summary: string) => {
      await page.goto(address);
      if (script) {
        await awake(page);
      }
      await page.locator("summary").filter({ hasText: summary }).click();
    };
    const said = async (form: Locator, fields: string[]) => {
      const links = form.getByRole("alert").getByRole("link");
      await expect(links).toHaveCount(fields.length);
      await expect(form.getByRole("alert")).toContainText(`correct ${fields.length} fields`);
      const leads = await links.evaluateAll((all) => all.map((link) => link.getAttribute("href")!.slice(1)));
      for (const label of fields) {
        const field = form.getByLabel(label, { exact: true });
        await expect(field, label).toHaveAttribute("aria-invalid", "true");
        expect(leads, label).toContain(await field.getAttribute("id"));
      }
    };

    await test.step("a new account", async () => {
      await open("/people", "Add an account");
      const form = page.locator('form[action="/api/add-account"]');
      await form.getByLabel("User name", { exact: true }).fill(ACCOUNTS.technician.name);
      await form.getByLabel("Checked by", { exact: true }).fill("Personnel office");
      await form.getByLabel("Checked on", { exact: true }).fill(inDays(2));
      await form.getByLabel("First password", { exact: true }).fill("short");
      await form.getByLabel("The same password again", { exact: true }).fill("shorter");
      await form.getByRole("button", { name: "Add the account" }).click();
      // Of them the record alone knows that the user name was given.
      await said(form, ["User name", "Full name", "Checked on", "How it was checked", "First password", "The same password again"]);
      await expect(form.getByRole("alert")).toContainText("was already given");
      await expect(form.getByLabel("User name", { exact: true })).toHaveValue(ACCOUNTS.technician.name);
      await expect(form.getByLabel("Checked by", { exact: true })).toHaveValue("Personnel office");
      for (const password of ["First password", "The same password again"]) {
        await expect(form.getByLabel(password, { exact: true }), "a password is never kept").toHaveValue("");
      }
      await form.getByRole("alert").getByRole("link", { name: /was already given/ }).click();
      await expect(form.getByLabel("User name", { exact: true })).toBeFocused();
    });

    await test.step("one's own password", async () => {
      await open("/account", "Change my password");
      const form = page.locator('form[action="/api/change-password"]');
      const send = form.getByRole("button", { name: "Change my password" });
      await send.click();
      await said(form, ["Password now", "New password", "New password again"]);
      await form.getByLabel("Password now", { exact: true }).fill("no password of mine");
      await form.getByLabel("New password", { exact: true }).fill("short");
      await form.getByLabel("New password again", { exact: true }).fill("shorter");
      await send.click();
      // Whether the one of now is right is asked once nothing else is wrong.
      await said(form, ["New password", "New password again"]);
    });
  });
}

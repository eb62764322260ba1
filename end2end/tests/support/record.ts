// The batch record as a person at the bench works through it, whatever the master record asks for.

import { expect, type Locator, type Page } from "@playwright/test";

import type { Account } from "./accounts";
import { newIdentifiers, type Identifiers } from "./identifiers";
import { posted, type Fields } from "./post";
import { inDays, minutesAgo } from "./time";
import { passing, WEIGHT, type Asked } from "./values";

export interface Hands {
  technician: Account;
  /** Confirms on the technician's tablet. */
  second: Account;
}

/** The panel of the step at work. */
export function work(page: Page): Locator {
  return page.getByRole("region", { name: /^Next / });
}

/** Its title, such as `P1 Seeding`. */
export async function title(page: Page): Promise<string> {
  return (await work(page).getByRole("heading", { level: 2 }).innerText()).replace(/\s+/g, " ").replace(/^Next /i, "");
}

/** Registers a harvest that was taken so many minutes ago; ends on its record. */
export async function register(page: Page, minutes = 200, of: Identifiers = newIdentifiers()): Promise<Identifiers> {
  await page.goto("/harvests/new");
  await fillHarvest(page, of, minutes);
  await page.getByRole("button", { name: "Register the harvest" }).click();
  await expect(page).toHaveURL(/\/batches\/[0-9a-f-]{36}/);
  return of;
}

/** Registers a harvest past the page, for tests that are about something else; ends on its record. */
export async function registerAtOnce(page: Page, of: Identifiers = newIdentifiers()): Promise<Identifiers> {
  await page.goto("/about");
  await page.goto(await posted(page, "register-harvest", harvestForm(of)));
  return of;
}

/** The form of a new harvest, filled so that it would be taken. */
export function harvestForm(of: Identifiers): Fields {
  return {
    site: "GE",
    subject: of.subject,
    din: of.din,
    check: of.check,
    coi: of.coi,
    identity_confirmed: "yes",
    collected_at: minutesAgo(200),
    collected_by: "Collector on duty",
    volume_ml: "42",
    anticoagulant: "Heparin, 100 IU per mL",
    consent: "yes",
    consent_version: "ICF 3.0",
    consented_on: inDays(-9),
    weight_kg: WEIGHT,
    weighed_on: inDays(-1),
  };
}

/** Fills the form of a new harvest so that it would be taken. */
export async function fillHarvest(page: Page, of: Identifiers, minutes = 200): Promise<void> {
  await page.getByLabel("Subject code").fill(of.subject);
  if (of.check) {
    await page.getByLabel("Donation identification number (DIN)").fill(of.din);
    await page.getByLabel("Check character").fill(of.check);
  } else {
    await page.getByLabel("Donation number").fill(of.din);
  }
  await page.getByLabel("Chain-of-identity id (CoI)").fill(of.coi);
  await page.getByLabel(/^Two identifiers were read/).check();
  await page.getByLabel("Time of collection").fill(minutesAgo(minutes));
  await page.getByLabel("Collected by").fill("Collector on duty");
  await page.getByLabel("Volume of the aspirate").fill("42");
  await page.getByLabel("Anticoagulant").fill("Heparin, 100 IU per mL");
  await page.getByLabel(/consent is confirmed/).check();
  await page.getByLabel("Version of the consent form").fill("ICF 3.0");
  await page.getByLabel("Day of consent").fill(inDays(-9));
  await page.getByLabel("Body weight").fill(WEIGHT);
  await page.getByLabel("Day of weighing").fill(inDays(-1));
}

/** The forms of the fields that are still to be recorded. */
function unrecorded(page: Page): Locator {
  return work(page)
    .locator("form")
    .filter({ has: page.getByRole("button", { name: "Record", exact: true }) });
}

interface Field extends Asked {
  /** The label as it stands there, with its unit. */
  words: string;
}

/** What the step still asks for, as it can be read from the page. */
async function asked(page: Page): Promise<Field[]> {
  return unrecorded(page).evaluateAll((forms) =>
    forms.map((form) => {
      const legend = form.querySelector("legend");
      const label = legend ?? form.querySelector("label")!;
      const unit = label.querySelector(".unit")?.textContent ?? "";
      const words = (label.textContent ?? "").replace(/\s+/g, " ").trim();
      const hint = form.querySelector(".hint")?.textContent ?? "";
      const input = form.querySelector<HTMLInputElement>("[name=value]")!;
      const choices = [...form.querySelectorAll<HTMLInputElement>("input[type=radio]")].map(({ value }) => value);
      const kind =
        choices.length > 0
          ? "choice"
          : input.type === "date"
            ? "day"
            : input.inputMode === "decimal"
              ? "number"
              : hint.includes("It is now")
                ? "moment"
                : "text";
      const expected = hint.match(/^Expected: (.*)$/)?.[1].split(" or ") ?? [];
      return { words, label: words.slice(0, words.length - unit.trimEnd().length).trim(), kind, choices, expected } as const;
    }),
  ) as Promise<Field[]>;
}

/** The form of one field, by its label. */
export function entryForm(page: Page, label: string): Locator {
  const exactly = new RegExp(`^${label.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(, [^,]{1,6})?$`);
  return unrecorded(page).filter({ has: page.locator("legend, label:not(.choice)", { hasText: exactly }) });
}

/** Types or chooses a value. */
export async function enter(form: Locator, value: string): Promise<void> {
  const choice = form.locator(`input[type=radio][value="${value}"]`);
  if (await choice.count()) {
    await choice.check();
  } else {
    await form.getByRole("textbox").or(form.locator("input[type=date]")).first().fill(value);
  }
}

/** Records one field; `performedAt` where it was not done just now. */
export async function record(page: Page, label: string, value: string, performedAt?: string): Promise<void> {
  const form = entryForm(page, label);
  await enter(form, value);
  if (performedAt) {
    await form.getByText(/^Done now/).click();
    await form.getByLabel("Performed at").fill(performedAt);
  }
  await form.getByRole("button", { name: "Record", exact: true }).click();
  await expect(form, `“${label}” is recorded as ${value}`).toHaveCount(0);
}

/** Records everything that the step asks for. */
export async function recordAll(page: Page): Promise<void> {
  const where = await title(page);
  for (const field of await asked(page)) {
    if (!field.words.startsWith("Cells plated for the CFU-F assay")) {
      await record(page, field.label, passing(where, field));
    }
  }
}

/** The folds in which a second person confirms. */
export function confirmations(page: Page): Locator {
  return work(page)
    .getByRole("group")
    .filter({ has: page.getByText(/^Waits for a second person/) });
}

/** The second person comes to the tablet and confirms each critical entry under their own name. */
export async function confirmAll(page: Page, second: Account): Promise<void> {
  for (let left = await confirmations(page).count(); left > 0; left -= 1) {
    await confirm(confirmations(page).first(), second);
    await expect(confirmations(page)).toHaveCount(left - 1);
  }
}

/** Types into the panel of the second person and sends it. */
export async function confirm(fold: Locator, second: Account): Promise<void> {
  const name = fold.getByLabel("User name of the second person");
  if (!(await name.isVisible())) {
    await fold.getByText(/^Waits for a second person/).click();
  }
  await name.fill(second.name);
  await fold.getByLabel("Password of the second person").fill(second.password);
  await fold.getByRole("button", { name: "Confirm the entry" }).click();
}

/** The button that ends the step. */
export function completing(page: Page): Locator {
  return work(page).getByRole("button", { name: /^(Sign and complete|Complete) / });
}

/** Completes the step, with a signature where the master record asks for one. */
export async function complete(page: Page, technician: Account): Promise<void> {
  const where = await title(page);
  const button = completing(page);
  await expect(button).toBeVisible();
  if ((await button.innerText()).startsWith("Sign")) {
    await sign(work(page).getByRole("region", { name: "Signature", exact: true }), technician);
  }
  await button.click();
  const heading = page.getByRole("heading", { level: 2, name: /^(Next |The record is complete)/ });
  await expect(heading).not.toHaveText(new RegExp(`${where.replace(/[()]/g, "\\$&")}$`));
}

/** Types user name and password into the panel of a signature. */
export async function sign(panel: Locator, by: Account, password = by.password): Promise<void> {
  await panel.getByLabel("User name").fill(by.name);
  await panel.getByLabel("Password").fill(password);
}

/** Turns to a step that can be worked on now. */
export async function turnTo(page: Page, wanted: string): Promise<void> {
  if ((await title(page)) !== wanted) {
    await work(page).getByRole("link", { name: wanted }).click();
  }
  await expect(work(page).getByRole("heading", { level: 2 })).toContainText(wanted);
}

/** One step from its first field to its end; `inside` is done before it is completed. */
export async function step(page: Page, wanted: string, hands: Hands, inside?: () => Promise<void>): Promise<void> {
  await turnTo(page, wanted);
  await recordAll(page);
  await confirmAll(page, hands.second);
  await inside?.();
  await complete(page, hands.technician);
}

/** Records that a sample was taken at the step at work. */
export async function takeSample(page: Page, viableCells: string): Promise<void> {
  const taking = work(page).getByRole("region", { name: "Take a sample" });
  await taking.getByLabel("Viable cells in the sample").fill(viableCells);
  await taking.getByRole("button", { name: "Record the sample" }).click();
  await expect(work(page).getByRole("table", { name: "Samples taken" })).toBeVisible();
}

/** Records a bag or vial. */
export async function storeUnit(page: Page, viableCells: string, volume: string, location: string): Promise<void> {
  const storing = work(page).getByRole("region", { name: "Store a unit" });
  await storing.getByLabel("Viable cells in the unit").fill(viableCells);
  await storing.getByLabel("Volume of the unit").fill(volume);
  await storing.getByLabel("Location").fill(location);
  await storing.getByRole("button", { name: "Record the unit" }).click();
  await expect(work(page).getByRole("table", { name: "Units stored" })).toContainText(location);
}

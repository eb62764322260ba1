// One harvest, from marrow to vein, as the people of a site do it.

import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";

import { ACCOUNTS, awake, expect, signIn, test, minutesAgo } from "./support";
import { enterAll, reviewAll } from "./support/laboratory";
import { record, register, sign, step, storeUnit, takeSample, title, type Hands } from "./support/record";
import { withoutMinimumTimes } from "./support/server";
import { SAMPLE_CELLS, UNITS } from "./support/values";

const HANDS: Hands = { technician: ACCOUNTS.technician, second: ACCOUNTS.secondTechnician };

// P11-10f, P11-200a1, A11-15, A16-steps
test("a harvest becomes a certified batch by three people's signatures, and its dose is infused", async ({ page, as, server }) => {
  test.setTimeout(360_000);
  withoutMinimumTimes(server);
  await signIn(page, ACCOUNTS.technician);
  const harvest = await register(page);
  await awake(page);
  const batch = new URL(page.url()).pathname;
  const number = await page.getByRole("region", { name: "Batch", exact: true }).getByRole("link").innerText();

  await test.step("reception to isolation", async () => {
    // Written down more than an hour after it was done: QA will have to look at it.
    expect(await title(page)).toBe("Receipt of the aspirate");
    await record(page, "Container intact", "yes", minutesAgo(120));
    for (const wanted of ["Receipt of the aspirate", "Donor testing", "Line clearance", "Isolation of mononuclear cells"]) {
      await step(page, wanted, HANDS);
    }
  });

  await test.step("culture", async () => {
    for (const wanted of ["Seeding", "Change of medium (1)", "Observation (1)", "Detachment and count"]) {
      await step(page, `P0 ${wanted}`, HANDS);
    }
    for (const wanted of ["Seeding", "Detachment and count"]) {
      await step(page, `P1 ${wanted}`, HANDS);
    }
    await step(page, "P1 In-process sample", HANDS, () => takeSample(page, SAMPLE_CELLS["In-process sample"]));
    // Computed from the counts, with the reason where it can't be.
    const growth = page.getByRole("region", { name: "Growth" });
    await expect(growth.getByRole("row", { name: /^P0 / })).toContainText("mononuclear");
    await expect(growth.getByRole("row", { name: /^P1 / })).toContainText("4.81");
  });

  const first = await as(ACCOUNTS.analyst);
  const second = await as(ACCOUNTS.secondAnalyst);
  await test.step("in-process control: the work stops until its result is reviewed", async () => {
    await expect(page.getByRole("note")).toContainText("must pass before the work goes on");
    await enterAll(first, batch);
    await reviewAll(second, batch);
    await page.reload();
    await expect(page.getByRole("note")).toHaveCount(0);
  });

  await test.step("final harvest, samples, freezing, closing", async () => {
    await step(page, "Final harvest", HANDS);
    await step(page, "Samples of the final product", HANDS, () => takeSample(page, SAMPLE_CELLS["Samples of the final product"]));
    await step(page, "Freezing", HANDS, async () => {
      for (const [place, cells] of UNITS.entries()) {
        await storeUnit(page, cells, "20", `Tank 2 / rack 4 / box 1 / ${place + 1}`);
      }
    });
    await step(page, "Closing of the record", HANDS);
    await expect(page.getByRole("heading", { name: "The record is complete" })).toBeVisible();
  });

  await test.step("results by one analyst, reviewed by another", async () => {
    await enterAll(first, batch);
    await reviewAll(second, batch);
  });

  const reviewer = await as(ACCOUNTS.reviewer);
  await test.step("QA assesses what departs from the expected, then signs the review", async () => {
    await reviewer.goto(`${batch}/release`);
    await awake(reviewer);
    const open = reviewer.getByRole("article").filter({ has: reviewer.getByRole("button", { name: "Record the assessment" }) });
    const words = await open.allInnerTexts();
    expect(words.filter((text) => text.includes("Recorded late")), "the late entry").toHaveLength(1);
    expect(words.filter((text) => text.includes("outside its window")), "medium and passages, all on one day").toHaveLength(3);
    for (let left = words.length; left > 0; left -= 1) {
      await open.first().getByLabel(/^Assessment/).fill("No influence on the product.");
      await open.first().getByRole("button", { name: "Record the assessment" }).click();
      await expect(open).toHaveCount(left - 1);
    }
    await sign(reviewer.getByRole("region", { name: "Signature", exact: true }), ACCOUNTS.reviewer);
    await reviewer.getByRole("button", { name: "Sign the review" }).click();
    await expect(reviewer.getByRole("row", { name: /Reviewed.*qa\.1/ })).toBeVisible();
  });

  const qualified = await as(ACCOUNTS.qualifiedPerson);
  await test.step("the Qualified Person certifies", async () => {
    await qualified.goto(`${batch}/release`);
    await expect(qualified.getByRole("heading", { name: "Every criterion is met: ready to be certified" })).toBeVisible();
    await sign(qualified.getByRole("region", { name: "Signature", exact: true }).first(), ACCOUNTS.qualifiedPerson);
    await qualified.getByRole("button", { name: "Sign and certify the batch" }).click();
    await expect(qualified.getByRole("heading", { name: /^Released: certificate / })).toBeVisible();
  });

  await test.step("the certificate names batch, donation and the three who signed", async () => {
    // Before the script is awake the plain form goes out, and a plain page puts the focus nowhere.
    await awake(qualified);
    await qualified.getByRole("button", { name: /^Print certificate / }).click();
    const print = qualified.getByRole("region", { name: /^Prints/ }).getByRole("link").first();
    await expect(print, "the paper is one key away").toBeFocused();
    const download = qualified.waitForEvent("download");
    await print.click();
    const paper = await (await download).path();
    expect(statSync(paper).size).toBeGreaterThan(10_000);
    const text = execFileSync("pdftotext", ["-layout", paper, "-"], { encoding: "utf8" });
    const flat = text.replace(/\s+/g, " ");
    expect(flat).toContain(number);
    expect(flat).toContain(harvest.subject);
    // As on the label: spaced, with the check character beside it.
    const din = [...harvest.din].join(" ?");
    expect(flat).toMatch(new RegExp(`${din} ${harvest.check.replace("*", "\\*")}`));
    for (const who of [ACCOUNTS.technician, ACCOUNTS.reviewer, ACCOUNTS.qualifiedPerson]) {
      expect(flat, who.printed).toContain(who.printed);
    }
    expect(flat).toContain("State at printing: Certified");
    expect(flat).toContain("COMPLIES");
    expect(flat).toMatch(/page 1 of \d/i);
  });

  const pharmacist = await as(ACCOUNTS.pharmacist);
  await test.step("two units are the dose, dispatched to their donor and infused", async () => {
    await pharmacist.goto(`${batch}/release`);
    await awake(pharmacist);
    await pharmacist.getByRole("checkbox", { name: /-U01: / }).check();
    await expect(pharmacist.getByText(/^Chosen: /)).toContainText("outside");
    await pharmacist.getByRole("checkbox", { name: /-U02: / }).check();
    await expect(pharmacist.getByText(/^Chosen: /)).toContainText("1.33 × 10⁶ per kg: within");
    await pharmacist.getByRole("button", { name: "Prepare the dose" }).click();
    const dose = pharmacist.getByRole("article", { name: /-DOSE1/ });
    await expect(dose).toContainText("Prepared, at the site");
    await dose.getByLabel(/^Subject code of the recipient/).fill(harvest.subject);
    await dose.getByLabel(/^DIN, from the label/).fill(harvest.din);
    await dose.getByLabel("Check character").fill(harvest.check);
    await dose.getByLabel("Destination").fill("Neurology ward, day hospital");
    await dose.getByRole("button", { name: /^Dispatch / }).click();
    await expect(dose).toContainText("Dispatched to");
    // The dispatch was this minute, so a start in whole minutes may lie before it.
    const now = new Date().toISOString();
    await dose.getByLabel("Start of the infusion").fill(now);
    await dose.getByLabel("End of the infusion").fill(now);
    await dose.getByLabel("Volume given").fill("40");
    await dose.getByRole("button", { name: "Record the infusion" }).click();
    await expect(dose.getByRole("heading", { name: /Infused/ })).toBeVisible();
    await expect(dose).toContainText("40 mL");
  });
});

// A record as large as one ever gets: 60 steps, 40 criteria, long words, every letter. Nothing is cut off or overlaps.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import type { Page } from "@playwright/test";

import { ACCOUNTS, axe, awake, contrast, expect, fits, pictures, Server, SIZES, targets, test } from "./support";
import { posted } from "./support/post";
import { registerAtOnce, step } from "./support/record";
import { binary, databaseUrl } from "./support/server";
import { trail } from "./support/trail";

/** Every letter of the alphabets of the EU's languages that isn't one of a to z; in Greek and Cyrillic too. */
const LETTERS =
  "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿßĀāĂăĄąĆćĊċČčĎďĐđĒēĖėĘęĚěĞğĠġĢģĦħĪīĮįĶķĹĺĻļĽľŁłŃńŅņŇňŐőŒœŔŕŘřŚśŠšŢţŤťŪūŮůŰűŲųŸŹźŻżŽžȘșȚț" +
  "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ" +
  "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЬЮЯабвгдежзийклмнопрстуфхцчшщъьюя";

const documents = path.resolve(__dirname, "../../domain/documents");

/** The shipped documents as a next version, with so many steps and criteria. */
function adopt(server: Server): void {
  const shipped = (name: string) => readFileSync(path.join(documents, name), "utf8").replace(/^version = 1$/m, "version = 2");
  const record = shipped("master-record-bm-msc.toml");
  const steps = record.split("[[step]]").length - 1;
  const more = Array.from({ length: 60 - steps }, (_, place) => {
    const title = `Check ${place + 1} of the clean room, its pressures, its particles and what was brought in`;
    return `[[step]]
key = "check-${place + 1}"
title = "${title}"
kind = "checklist"
instruction = "Read it off, write it down."

[[step.field]]
key = "seen"
label = "Pressure difference between the clean room and the lock, as the gauge beside the door shows it"
type = "yes-no"
required = true

`;
  });
  const before = record.indexOf('[[step]]\nkey = "donor-testing"');
  const specification = shipped("specification-bm-msc.toml");
  const criteria = specification.split("[[criterion]]").length - 1;
  const further = Array.from({ length: 40 - criteria }, (_, place) => {
    return `
[[criterion]]
key = "marker-${place + 1}"
test = "Surface marker ${place + 1}, by flow cytometry with the panel of the reference laboratory"
method = "Flow cytometry, Ph. Eur. 2.7.24, gated on viable cells of the mesenchymal population without doublets"
sample_point = "final-product"
stage = "before_release"
result = "number"
unit = "%"
limit = ">= 95"
rounding = "as-limit"
site_choice = true
source = "for the size of the table"
`;
  });
  const texts = {
    "master-record": record.slice(0, before) + more.join("") + record.slice(before),
    specification: specification + further.join(""),
  };
  const files = Object.entries(texts).map(([kind, text]) => {
    const file = path.join(server.folder, `${kind}.toml`);
    writeFileSync(file, text);
    return file;
  });
  const environment = { ...process.env, AUTOLOG_DATABASE_URL: databaseUrl(server.folder), AUTOLOG_DATA_DIR: server.folder };
  execFileSync(binary(), ["document", "add", ...files], { env: environment, stdio: ["ignore", "ignore", "inherit"] });
}

/** By day at both sizes and by night. */
async function holds(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.querySelectorAll("details").forEach((fold) => (fold.open = true)));
  for (const size of SIZES) {
    await page.setViewportSize(size);
    await fits(page);
    await targets(page);
    await nothingCut(page);
  }
  await axe(page);
  await page.emulateMedia({ colorScheme: "dark" });
  await contrast(page);
  await page.emulateMedia({ colorScheme: "light" });
  await pictures(page, `large-${name}`);
}

/** No words reach out of the box that they stand in, unless it can be scrolled. */
async function nothingCut(page: Page): Promise<void> {
  const cut = await page.locator("main *:not(input, textarea, select)").evaluateAll((elements) =>
    elements
      .filter((element) => {
        const style = getComputedStyle(element);
        const scrolls = /auto|scroll/.test(style.overflowX);
        const shown = (element as HTMLElement).offsetParent !== null && !element.closest(".visually-hidden, svg, .scrolls");
        return shown && !scrolls && style.display !== "inline" && element.scrollWidth > element.clientWidth + 1;
      })
      .map((element) => element.outerHTML.slice(0, 160)),
  );
  expect(cut, `words reach out of their box on ${page.url()}`).toEqual([]);
}

test("60 steps, 40 criteria, comments of 300 characters and every letter of the EU are shown in full", async ({ as }) => {
  test.setTimeout(240_000);
  const server = await Server.start();
  try {
    adopt(server);
    const technician = await as(ACCOUNTS.technician, { server });
    await registerAtOnce(technician);
    await awake(technician);
    const address = new URL(technician.url()).pathname;
    const batch = address.split("/")[2];
    const words = `${LETTERS} ${"Nothing to be added, ".repeat(20)}`.slice(0, 300);
    const comments = [words, "x".repeat(300), `https://records.example/${"folder/".repeat(40)}`.slice(0, 300)];
    for (const text of comments) {
      await posted(technician, "comment", { batch, step: "", text });
      await posted(technician, "comment", { batch, step: "receipt", text });
      await posted(technician, "raise-deviation", { batch, step: "receipt", description: text });
    }
    await posted(technician, "record-entry", { batch, step: "receipt", field: "logger", value: "L".repeat(100) });
    await posted(technician, "record-entry", { batch, step: "receipt", field: "handed-over-by", value: LETTERS.slice(0, 150) });

    await technician.goto(address);
    await expect(technician.getByText(words).first()).toBeVisible();
    await holds(technician, "record");
    await manyStepsOver(technician, address);
    const reviewer = await as(ACCOUNTS.reviewer, { server });
    for (const page of ["deviations", "release", "audit"]) {
      await reviewer.goto(`${address}/${page}`);
      await holds(reviewer, page);
    }
    await reviewer.goto("/?state=all");
    await holds(reviewer, "board");
    const texts = (await trail(reviewer, address)).map(({ new: text }) => text);
    expect(texts).toEqual(expect.arrayContaining(comments));
  } finally {
    await server.stop();
  }
});

/** Of many steps that are over, the last thirty stand there in full, and each other one is a line that leads to it. */
async function manyStepsOver(page: Page, address: string): Promise<void> {
  const batch = address.split("/")[2];
  const checks = await page.locator(".steps li", { hasText: /^Check \d+ of the clean room/ }).count();
  await step(page, "Receipt of the aspirate", { technician: ACCOUNTS.technician, second: ACCOUNTS.secondTechnician });
  for (let place = 1; place <= checks; place += 1) {
    await posted(page, "record-entry", { batch, step: `check-${place}`, field: "seen", value: "yes" });
    await posted(page, "complete-step", { batch, step: `check-${place}`, seen: "1" });
  }
  const inFull = page.locator("details.over[id^=step-]");
  await page.goto(address);
  await expect(inFull).toHaveCount(30);
  await expect(page.locator(".over-line")).toHaveCount(checks + 1 - 30);
  await pictures(page, "large-record-over");
  await page.locator("#step-receipt a").click();
  await expect(page.locator("details#step-receipt[open]")).toContainText("Nothing to be added");
  await page.getByRole("link", { name: `Show what was recorded in all ${checks + 1} steps` }).click();
  await expect(inFull).toHaveCount(checks + 1);
  await expect(page.locator(".over-line")).toHaveCount(0);
}

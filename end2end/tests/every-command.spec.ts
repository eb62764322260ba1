// Every command that there is, sent from a page by a nervous hand, with and without a script: it is taken once.

import { execFileSync } from "node:child_process";

import type { Locator, Page } from "@playwright/test";

import { ACCOUNTS, awake, expect, inDays, minutesAgo, newIdentifiers, Server, SUBJECTS, test, type Account } from "./support";
import { allCommands, asked, fill, formsOf, pagesOf, tapTwice, type Asked, type Found } from "./support/commands";
import { postBy, posted, type Fields } from "./support/post";
import { binary, databaseUrl } from "./support/server";
import { passing, WEIGHT } from "./support/values";

const NEW_PASSWORD = "vein to marrow again";

/** A step that is over can't be left out any more. */
const EARLY = "step-not-applicable";

/** What takes something away that another command needs is done after it, in this order. */
const LATE = [
  "end-culture",
  "take-sample",
  "enter-result",
  "correct-result",
  "return-result",
  "confirm-result",
  "review-result",
  "invalidate-result",
  "store-unit",
  "dispatch-dose",
  "record-infusion",
  "destroy-dose",
  "close-deviation",
  "withdraw-certification",
  "reject",
  "destroy-unit",
  "end-role",
  "disable-account",
  "enable-account",
  "unlock-account",
  "reset-password",
  "change-password",
  "sign-out-everywhere",
  "sign-out",
];

/** What has to be done once more before a command is offered. */
const NEEDS: Record<string, string> = {
  certify: "sign-review",
  "close-deviation": "assess-deviation",
  "confirm-result": "return-result",
  "correct-result": "enter-result",
  "destroy-dose": "prepare-dose",
  "dispatch-dose": "prepare-dose",
  "enter-result": "take-sample",
  "invalidate-result": "enter-result",
  "record-infusion": "dispatch-dose",
  "return-result": "enter-result",
  "review-result": "enter-result",
  "verify-entry": "record-entry",
};

/** The batch that a command is sent to, where it isn't the one in expansion. */
const LIKED: Record<string, string> = {
  "entry-not-applicable": SUBJECTS.registered,
  "record-entry": SUBJECTS.registered,
  "verify-entry": SUBJECTS.registered,
  "sign-review": SUBJECTS.waiting,
  certify: SUBJECTS.waiting,
  "prepare-dose": SUBJECTS.certified,
  reject: SUBJECTS.blocked,
};

/** Which of the people do it, where several could and the others are still needed. */
const BY: Record<string, Account> = {
  "change-password": ACCOUNTS.inspector,
  "sign-out-everywhere": ACCOUNTS.collector,
  "sign-out": ACCOUNTS.administrator,
  "review-result": ACCOUNTS.secondAnalyst,
  "return-result": ACCOUNTS.secondAnalyst,
  "confirm-result": ACCOUNTS.analyst,
  "correct-result": ACCOUNTS.analyst,
  "enter-result": ACCOUNTS.analyst,
  // Of an entry: the collection, which a collector may correct too, lies before all work.
  "correct-time": ACCOUNTS.technician,
};

const PEOPLE = [
  ACCOUNTS.technician,
  ACCOUNTS.analyst,
  ACCOUNTS.secondAnalyst,
  ACCOUNTS.reviewer,
  ACCOUNTS.qualifiedPerson,
  ACCOUNTS.pharmacist,
  ACCOUNTS.administrator,
  ACCOUNTS.collector,
  ACCOUNTS.inspector,
];

const BATCH = "/batches/[^/]+";
const { technician, analyst, secondAnalyst, reviewer, qualifiedPerson, pharmacist, administrator } = ACCOUNTS;

/** Where the form of a command is looked for, as app/src/pages draws it: at which addresses, and of whom. Without a row: anywhere. */
const PLACES: [address: string, of: Account[], commands: string[]][] = [
  ["/account", PEOPLE, ["accept-statement", "change-password", "sign-out", "sign-out-everywhere"]],
  ["/harvests/new", [technician], ["register-harvest"]],
  ["/people", [administrator], ["add-account"]],
  ["/people/.+", [administrator], ["disable-account", "enable-account", "end-role", "grant-role", "reset-password", "unlock-account"]],
  [BATCH, [technician], ["comment", "complete-step", "correct-entry", "correct-harvest", "correct-time", "end-culture"]],
  [BATCH, [technician], ["entry-not-applicable", "record-entry", "step-not-applicable", "store-unit", "take-sample", "verify-entry"]],
  [`${BATCH}/quality`, [analyst, secondAnalyst], ["confirm-result", "correct-result", "enter-result"]],
  [`${BATCH}/quality`, [analyst, secondAnalyst], ["invalidate-result", "return-result", "review-result"]],
  [`${BATCH}/deviations`, [technician], ["raise-deviation", "read-identifiers"]],
  [`${BATCH}/deviations`, [reviewer], ["assess-deviation", "classify-deviation", "close-deviation", "lift-stop"]],
  [`${BATCH}/release`, [reviewer], ["assess-exception", "print-certificate", "sign-review"]],
  [`${BATCH}/release`, [qualifiedPerson], ["certify", "reject", "withdraw-certification"]],
  [`${BATCH}/release`, [pharmacist], ["destroy-dose", "dispatch-dose", "prepare-dose", "record-infusion"]],
  [`${BATCH}/release`, [technician, pharmacist], ["destroy-unit"]],
  [`${BATCH}/audit`, [analyst], ["copy-audit-trail"]],
];

/** Whether a person's page is one that can have a form for the command. */
function canStand(command: string, by: Account, address: string): boolean {
  const only = BY[command];
  const place = PLACES.find(([, , commands]) => commands.includes(command));
  return (!only || only === by) && (!place || (place[1].includes(by) && new RegExp(`^${place[0]}$`).test(address)));
}

test.describe.configure({ mode: "parallel" });

for (const script of [true, false]) {
  // UI-8, DI-7
  test(`every command ${script ? "with" : "without"} a script: tapped twice from its page, it is recorded once`, async ({ as, browser }) => {
    test.setTimeout(1_200_000);
    const server = await Server.start();
    try {
      const walk = new Walk(server, script, (account) => as(account, { script, server }));
      await walk.begin();
      // A clock is confirmed only while it is in doubt: server/src/tests/clock.rs does that.
      const commands = allCommands().filter((command) => !["sign-in", "confirm-clock"].includes(command));
      expect(commands.length).toBeGreaterThan(30);
      const place = (command: string) => (command === EARLY ? -2 : LATE.indexOf(command));
      for (const command of commands.sort((one, other) => place(one) - place(other))) {
        await test.step(command, () => walk.takes(command));
      }
      await test.step("sign-in", async () => {
        const context = await browser.newContext({ baseURL: server.url, javaScriptEnabled: script });
        const page = await context.newPage();
        await page.goto("/sign-in");
        if (script) {
          await awake(page);
        }
        const form = page.locator("form");
        await fill(form, ({ name }) => (name === "password" ? ACCOUNTS.reviewer.password : ACCOUNTS.reviewer.name));
        await form.getByRole("button").dblclick();
        await expect(page.getByRole("link", { name: /^QA reviewer 1/ })).toBeVisible();
        await context.close();
      });
      walk.isRecordedOnce();
    } finally {
      await server.stop();
    }
  });
}

/** Somebody else's command has taken the form away. */
const GONE = "no longer there";

/** A form, and who found it. */
interface Offered {
  by: Account;
  form: Found;
}

/** The people of a site at their pages, one command after the other. */
class Walk {
  private readonly pages = new Map<Account, Page>();
  private batches: Record<string, string> = {};
  private found: Offered[] = [];
  private readonly done = new Set<string>();
  /** What has changed since somebody looked at it, or was never looked at. */
  private unread: { by: Account; address: string }[] = [];
  private readonly all: { by: Account; address: string }[] = [];
  private readonly sent: { command: string; id: string }[] = [];

  constructor(
    private readonly server: Server,
    private readonly script: boolean,
    private readonly as: (account: Account) => Promise<Page>,
  ) {}

  /** Signs everybody in and finds the pages that each has. */
  async begin(): Promise<void> {
    for (const account of PEOPLE) {
      this.pages.set(account, await this.as(account));
    }
    const board = await this.page(ACCOUNTS.inspector).request.get("/?state=all");
    for (const row of (await board.text()).split("<tr")) {
      const batch = row.match(/href="(\/batches\/[0-9a-f-]{36})/)?.[1];
      const subject = Object.values(SUBJECTS).find((code) => row.includes(code));
      if (batch && subject) {
        this.batches[subject] = batch;
      }
    }
    for (const by of PEOPLE) {
      const pages = await pagesOf(this.page(by), Object.values(this.batches));
      this.all.push(...pages.map((address) => ({ by, address })));
    }
    this.unread = [...this.all];
  }

  /** The command is done from the first form of it that takes it; where there is none yet, the way to it is prepared. */
  async takes(command: string): Promise<void> {
    const refusals: string[] = [];
    // The longest way is through the steps from a passage to the freezer.
    for (let ways = 0; ways < 9 && !this.done.has(command) && refusals.length < 6; ) {
      const [offered] = this.formsFor(command);
      if (!offered) {
        if (!(await this.look(command))) {
          ways += 1;
          if (!(await this.prepare(command))) {
            break;
          }
        }
        continue;
      }
      const refused = await this.taken(offered, refusals.length);
      if (refused === "") {
        this.done.add(command);
      } else {
        refusals.push(...(refused === GONE ? [] : [refused]));
        // Another unit more is another try at the same form.
        this.found = command === "prepare-dose" ? this.found : this.found.filter((one) => one !== offered);
      }
      this.changes(offered.form.address);
    }
    expect.soft(this.done.has(command), `${command} is taken from a page; refused: ${refusals.join(" / ")}`).toBe(true);
  }

  /** What was sent stands in the ledger, each in one transaction. */
  isRecordedOnce(): void {
    const environment = { ...process.env, AUTOLOG_DATABASE_URL: databaseUrl(this.server.folder), AUTOLOG_DATA_DIR: this.server.folder };
    const ledgers = ["GE", "org"].map((ledger) =>
      execFileSync(binary(), ["export", "--ledger", ledger], { encoding: "utf8", env: environment, maxBuffer: 1 << 28 }),
    );
    const moments = new Map<string, Set<string>>();
    for (const line of ledgers.flatMap((ledger) => ledger.split("\n"))) {
      const entry = line ? (JSON.parse(line) as { command_id?: string; recorded_at: string }) : {};
      if (entry.command_id) {
        moments.set(entry.command_id, (moments.get(entry.command_id) ?? new Set()).add(entry.recorded_at));
      }
    }
    for (const { command, id } of this.sent) {
      expect(moments.get(id)?.size, `${command} is recorded once`).toBe(1);
    }
  }

  private page(of: Account): Page {
    return this.pages.get(of)!;
  }

  private formsFor(command: string): Offered[] {
    const only = BY[command];
    // The first entries of a step are the critical ones, which somebody else is still to confirm.
    const along = command === "entry-not-applicable" ? -1 : 1;
    return this.found
      .filter(({ by, form }) => form.command === command && (!only || only === by))
      .sort((one, other) => along * (one.form.place - other.form.place))
      .sort((one, other) => this.liking(command, one.form.address) - this.liking(command, other.form.address));
  }

  /** The batch that is to be certified is left alone as long as another will do. */
  private liking(command: string, address: string): number {
    const at = (subject: string) => address.startsWith(this.batches[subject]);
    return at(LIKED[command] ?? SUBJECTS.expanding) ? 0 : at(SUBJECTS.waiting) ? 2 : 1;
  }

  /** Reads pages that nobody has read as they are now and that can have a form for the command, until one has; whether one has. */
  private async look(command: string): Promise<boolean> {
    const pages = this.unread
      .filter(({ by, address }) => canStand(command, by, address))
      .sort((one, other) => this.liking(command, one.address) - this.liking(command, other.address));
    for (const page of pages) {
      const { by, address } = page;
      this.unread = this.unread.filter((one) => one !== page);
      const forms = (await formsOf(this.page(by), address)).map((form) => ({ by, form }));
      this.found = [...this.found.filter((one) => one.by !== by || one.form.address.split("?")[0] !== address), ...forms];
      if (this.formsFor(command).length > 0) {
        return true;
      }
    }
    return false;
  }

  /** What is known of a batch or a person is no longer so. */
  private changes(address: string): void {
    const changed = address.split("?")[0].split("/").slice(0, 3).join("/");
    const unread = this.all.filter((one) => one.address.startsWith(changed));
    this.unread = [...this.unread.filter((one) => !unread.includes(one)), ...unread];
  }

  /** Sends the form; answers why it was refused, or nothing. */
  private async taken({ by, form: { command, address, place } }: Offered, tries: number): Promise<string> {
    const page = this.page(by);
    await page.goto(address);
    const form = page.locator(`form[action="/api/${command}"]`).nth(place);
    if ((await form.count()) === 0) {
      return GONE;
    }
    if (this.script) {
      await awake(page);
    }
    const where = (await page.locator("#next-title").count()) ? await page.locator("#next-title").innerText() : "";
    const values = command === "register-harvest" ? harvest() : await this.identifiers(page, command);
    await fill(form, (field) => values[field.name] ?? value(command, by, where.replace(/^Next\s*/i, ""), field, tries));
    const { refused, ids } = await tapTwice(page, form);
    expect(ids.size, `${command} goes out as one command`).toBe(1);
    const [id] = ids;
    if (refused === "" && id && command !== "change-password") {
      this.sent.push({ command, id });
    }
    return refused;
  }

  /** Identifiers that are read again from the label. */
  private async identifiers(page: Page, command: string): Promise<Record<string, string>> {
    if (!["dispatch-dose", "read-identifiers"].includes(command)) {
      return {};
    }
    const band = page.getByRole("region", { name: "Batch", exact: true });
    const din = (await band.locator(".din").innerText()).replace(/\s/g, "");
    const subject = (await band.innerText()).match(/GE-0\d\d/)![0];
    return { din, check: await band.locator(".check").innerText(), subject };
  }

  /** Brings the record to where a command is offered; answers whether there was anything to do. */
  private async prepare(command: string): Promise<boolean> {
    if (command === "unlock-account") {
      for (let wrong = 0; wrong < 5; wrong += 1) {
        const fields = { to: "/", user_name: "technician.4", password: "marrow to bone" };
        await postBy(this.page(ACCOUNTS.administrator).request, this.server.url, "sign-in", fields);
      }
      this.changes("/people");
      return this.look(command);
    }
    const expanding = this.batches[SUBJECTS.expanding];
    if (["complete-step", "end-culture", "take-sample", "store-unit"].includes(command)) {
      await recordStep(this.page(ACCOUNTS.technician), expanding, command);
      this.changes(expanding);
      return true;
    }
    if (command === "lift-stop" || command === "read-identifiers") {
      await stopped(this.page(ACCOUNTS.technician), expanding, command);
      this.changes(expanding);
      return this.look(command);
    }
    if (command === "assess-exception") {
      const page = this.page(ACCOUNTS.technician);
      if (this.formsFor("record-entry").length === 0) {
        await this.look("record-entry");
      }
      const [{ form }] = this.formsFor("record-entry");
      await page.goto(form.address);
      await recordEntry(page, page.locator(`form[action="/api/record-entry"]`).first(), minutesAgo(90));
      this.changes(form.address);
      return this.look(command);
    }
    const needed = NEEDS[command];
    if (!needed) {
      return false;
    }
    this.done.delete(needed);
    await this.takes(needed);
    return true;
  }
}

/** Records one field past its form. */
async function recordEntry(page: Page, form: Locator, performedAt = ""): Promise<void> {
  const title = (await page.locator("#next-title").innerText()).replace(/^Next\s*/i, "");
  const [field] = (await asked(form)).filter(({ name }) => name === "value");
  const typed = value("record-entry", ACCOUNTS.technician, title, field, 0);
  await posted(page, "record-entry", { ...(await given(form)), value: String(typed), performed_at: performedAt });
}

/** Records and confirms everything that a step asks for, past its forms; and ends it, where that isn't what is wanted. */
async function recordStep(page: Page, batch: string, wanted: string): Promise<void> {
  await page.goto(batch);
  const counting = page.locator("#next").getByRole("link", { name: /Detachment and count/ });
  if (await counting.count()) {
    await page.goto((await counting.getAttribute("href"))!);
  }
  const at = page.url();
  const ends = wanted !== "complete-step";
  for (const form of await page.locator(`form[action="/api/record-entry"]`).all()) {
    await recordEntry(page, form);
  }
  const taking = page.locator(`form[action="/api/take-sample"]`);
  if (wanted !== "take-sample" && (await taking.count())) {
    await posted(page, "take-sample", { ...(await given(taking.first())), viable_cells: "20000" });
  }
  await page.goto(at);
  for (const form of await page.locator(`form[action="/api/verify-entry"]`).all()) {
    const { name, password } = ACCOUNTS.secondTechnician;
    await posted(page, "verify-entry", { ...(await given(form)), user_name: name, password });
  }
  await page.goto(at);
  const completing = page.locator(`form[action="/api/complete-step"]`);
  if (ends && (await completing.count())) {
    const { name, password } = ACCOUNTS.technician;
    await posted(page, "complete-step", { ...(await given(completing.first())), user_name: name, password });
  }
}

/** Puts the batch on hold by a correction of its receipt; for a lifting, what stopped it is assessed and confirmed. */
async function stopped(page: Page, address: string, wanted: string): Promise<void> {
  const batch = address.split("/")[2];
  await page.goto(address);
  const field = wanted === "lift-stop" ? "container-intact" : "identity-match";
  await posted(page, "correct-entry", { batch, step: "receipt", field, value: "no", reason: "Seen on the picture" });
  if (wanted === "lift-stop") {
    const assessment = { batch, step: "hold-assessment#1" };
    const usable = { ...assessment, field: "material-usable" };
    await posted(page, "record-entry", { ...assessment, field: "found", value: "The bag is whole" });
    await posted(page, "record-entry", { ...usable, value: "yes" });
    const { name, password } = ACCOUNTS.secondTechnician;
    await posted(page, "verify-entry", { ...usable, seen: '{"yes-no":true}', user_name: name, password });
  }
}

/** What the page itself put into a form. */
async function given(form: Locator): Promise<Fields> {
  return form.evaluate((element) => {
    const hidden = [...element.querySelectorAll<HTMLInputElement>("input[type=hidden]")];
    return Object.fromEntries(hidden.filter(({ name }) => name !== "command_id").map(({ name, value }) => [name, value]));
  });
}

/** What stands on the label and the order of a new harvest. */
function harvest(): Record<string, string> {
  const { subject, din, check, coi } = newIdentifiers();
  return { subject, din, check, coi, collected_at: minutesAgo(200), weight_kg: WEIGHT, consented_on: inDays(-9) };
}

/** What goes into a field. */
function value(command: string, by: Account, where: string, field: Asked, tries: number): string | string[] {
  const special: Record<string, string | string[]> = {
    "correct-harvest field": field.choices.find((choice) => choice.startsWith("volume")) ?? "",
    "correct-harvest value": "43",
    "add-account user_name": "technician.9",
    "add-account site": "GE",
    "add-account role": "technician",
    "grant-role site": "GE",
    "grant-role role": "collector",
    "take-sample viable_cells": "20000",
    "store-unit viable_cells": "1000000",
    // As many units as are a dose.
    "prepare-dose units": field.choices.slice(0, tries + 1),
    "correct-result user_name": ACCOUNTS.secondAnalyst.name,
    "correct-result password": ACCOUNTS.secondAnalyst.password,
    "verify-entry user_name": ACCOUNTS.secondTechnician.name,
    "correct-time at": minutesAgo(1 + tries),
    "record-infusion started_at": new Date().toISOString(),
    "record-infusion ended_at": new Date().toISOString(),
  };
  const known = special[`${command} ${field.name}`];
  if (known !== undefined) {
    return known;
  }
  if (command === "correct-result" && field.name === "value") {
    // Another value than the one that was entered.
    return field.kind === "radio" || field.kind === "select-one" ? field.choices.filter((choice) => choice !== "").at(-1)! : "1";
  }
  switch (field.name) {
    case "user_name":
      return by.name;
    case "password":
      return by.password;
    case "new_password":
    case "repeated_password":
      return NEW_PASSWORD;
    case "performed_at":
    case "taken_at":
    case "stored_at":
      return "";
    case "sign":
      return field.choices.includes("") ? "" : field.choices[0];
  }
  if (field.kind === "radio" || field.kind === "select-one") {
    return field.expected[0] ?? (field.choices.includes("yes") ? "yes" : field.choices[0]);
  }
  if (field.kind === "checkbox") {
    return field.choices;
  }
  if (field.kind === "date") {
    return field.given || inDays(0);
  }
  if (field.kind === "number") {
    try {
      return passing(where, { label: field.label, kind: "number", choices: [], expected: [] });
    } catch {
      return field.given || "20";
    }
  }
  return `By a nervous hand: ${command}`;
}

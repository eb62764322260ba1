// Every command that the program takes, found in its source; and every form that sends one, found on the pages.

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { expect, type Locator, type Page, type Request } from "@playwright/test";

const SOURCES = path.resolve(__dirname, "../../../app/src/commands");

/** The endpoints of all server functions. */
export function allCommands(): string[] {
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".rs"));
  const found = files.flatMap((name) => {
    const text = readFileSync(path.join(SOURCES, name), "utf8");
    return [...text.matchAll(/#\[server\(\s*endpoint = "([a-z-]+)"/g)].map((match) => match[1]);
  });
  return found.sort();
}

/** A form of a page. */
export interface Found {
  command: string;
  address: string;
  /** Its place among those of its command on the page. */
  place: number;
}

/** The pages that lead on from an account's first page, as far as there is something to do on them. */
export async function pagesOf(page: Page, batches: string[]): Promise<string[]> {
  const people = [...(await text(page, "/people")).matchAll(/href="(\/people\/[0-9a-f-]{36})"[^>]*>Technician 4</g)].map(([, to]) => to);
  const ofBatches = batches.flatMap((batch) => ["", "/quality", "/deviations", "/release", "/audit"].map((tab) => batch + tab));
  return ["/account", "/harvests/new", "/people", ...people, ...ofBatches];
}

/** The forms of a page, read without a browser's work; with those that stand behind a link to the same page. */
export async function formsOf(page: Page, address: string): Promise<Found[]> {
  const html = await text(page, address);
  const beside = [...html.matchAll(/href="(\/batches\/[^"#]*\?(?:[^"#]*&(?:amp;)?)?(?:sample|correct)=[^"#]*)/g)];
  const more = [...new Set(beside.map(([, to]) => to.replaceAll("&amp;", "&")))].slice(0, 3);
  const pages = [{ address, html }];
  for (const to of more.filter((to) => to.split("?")[0] === address)) {
    pages.push({ address: to, html: await text(page, to) });
  }
  return pages.flatMap(({ address, html }) => {
    const places = new Map<string, number>();
    return [...html.matchAll(/<form[^>]* action="\/api\/([a-z-]+)"/g)].map(([, command]) => {
      const place = places.get(command) ?? 0;
      places.set(command, place + 1);
      return { command, address, place };
    });
  });
}

async function text(page: Page, address: string): Promise<string> {
  const answer = await page.request.get(address, { headers: { accept: "text/html" }, maxRedirects: 0 });
  return answer.text();
}

/** A field of a form, as a person sees it. */
export interface Asked {
  name: string;
  kind: string;
  label: string;
  /** What can be chosen. */
  choices: string[];
  expected: string[];
  /** What stands in it already. */
  given: string;
}

/** What a form asks for, also what is folded away. */
export async function asked(form: Locator): Promise<Asked[]> {
  return form.evaluate((element) => {
    const fields = new Map<string, Asked>();
    for (const one of element.querySelectorAll<HTMLInputElement>("input:not([type=hidden]), select, textarea")) {
      const known = fields.get(one.name);
      if (known) {
        known.choices.push(one.value);
        continue;
      }
      const around = one.closest("fieldset")?.querySelector("legend") ?? one.labels?.[0];
      const unit = around?.querySelector(".unit")?.textContent ?? "";
      const words = (around?.textContent ?? "").replace(/\s+/g, " ").trim();
      const hint = (one.closest("fieldset, .field")?.querySelector(".hint")?.textContent ?? "").match(/^Expected: (.*)$/);
      const list = one instanceof HTMLSelectElement ? [...one.options].map(({ value }) => value).filter((value) => value) : [one.value];
      fields.set(one.name, {
        name: one.name,
        kind: one.inputMode === "decimal" ? "number" : one.type,
        label: words.slice(0, words.length - unit.trimEnd().length).trim(),
        choices: list,
        expected: hint ? hint[1].split(" or ") : [],
        given: one.type === "radio" || one.type === "checkbox" ? "" : one.value,
      });
    }
    return [...fields.values()];
  });
}

/** Fills a form at one go, folds and all; `value` gives what goes into a field, a list where boxes are ticked. */
export async function fill(form: Locator, value: (field: Asked) => string | string[]): Promise<void> {
  const values = Object.fromEntries((await asked(form)).map((field) => [field.name, value(field)]));
  await form.evaluate((element, values) => {
    for (let fold = element.closest("details"); fold; fold = fold.parentElement!.closest("details")) {
      fold.open = true;
    }
    for (const one of element.querySelectorAll<HTMLInputElement>("input:not([type=hidden]), select, textarea")) {
      const value = values[one.name];
      if (one.type === "radio" || one.type === "checkbox") {
        one.checked = [value].flat().includes(one.value);
      } else {
        one.value = String(value);
      }
    }
  }, values);
}

/** What came of a form that was tapped twice. */
export interface Tapped {
  /** Why it was refused; empty where it was taken. */
  refused: string;
  /** The ids of the command, as they went out: of one form there is one. */
  ids: Set<string | null>;
}

/** Taps the button of a form twice, as a nervous glove does, and waits for what the page says to it. */
export async function tapTwice(page: Page, form: Locator): Promise<Tapped> {
  const ids = new Set<string | null>();
  const note = (request: Request) => {
    if (request.method() === "POST") {
      ids.add(new URLSearchParams(request.postData() ?? "").get("command_id"));
    }
  };
  page.on("request", note);
  await form.evaluate((element) => element.setAttribute("data-tapped", ""));
  await form.locator("button[type=submit]").first().dblclick();
  const refusals = page.locator(".refusals");
  const tapped = page.locator("form[data-tapped]:not(:has(.refusals))");
  await expect(tapped, "the page answers").toHaveCount(0);
  await expect(page.locator("h1")).toHaveCount(1);
  page.off("request", note);
  const refused = (await refusals.count()) > 0 ? (await refusals.first().innerText()).replace(/\s+/g, " ") : "";
  return { refused, ids };
}

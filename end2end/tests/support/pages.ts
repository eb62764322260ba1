// Every page, and who looks at it.

import type { Page } from "@playwright/test";

import { ACCOUNTS, SUBJECTS, type Account } from "./accounts";

export interface Look {
  /** What a picture of it is called. */
  name: string;
  by: Account | "nobody";
  /** Its address; a subject code stands for the batch of that subject. */
  address: string;
  /** What a person comes to the page for, where there is something to be done. */
  action?: RegExp;
}

function ofBatches(part: string, page: string, by: Account, action: Partial<Record<keyof typeof SUBJECTS, RegExp>>): Look[] {
  return (Object.keys(SUBJECTS) as (keyof typeof SUBJECTS)[])
    .filter((batch) => batch in action)
    .map((batch) => ({ name: `${part}-${batch}`, by, address: `{${SUBJECTS[batch]}}${page}`, action: action[batch] }));
}

const NOTHING = undefined as unknown as RegExp;

export const LOOKS: Look[] = [
  { name: "sign-in", by: "nobody", address: "/sign-in", action: /^Sign in$/ },
  { name: "account", by: ACCOUNTS.technician, address: "/account", action: /^Sign out everywhere$/ },
  { name: "board", by: ACCOUNTS.technician, address: "/", action: /^GE-\d+-\d+$/ },
  { name: "board-of-an-inspector", by: ACCOUNTS.inspector, address: "/?state=all" },
  { name: "board-empty", by: ACCOUNTS.technician, address: "/?state=rejected" },
  { name: "new-harvest", by: ACCOUNTS.technician, address: "/harvests/new", action: /^Register the harvest$/ },
  ...ofBatches("record", "", ACCOUNTS.technician, {
    registered: /^Record$/,
    expanding: /^Record$/,
    waiting: /^Go to the release$/,
    blocked: /^Go to the release$/,
    certified: NOTHING,
    infused: NOTHING,
  }),
  { name: "record-overdue", by: ACCOUNTS.technicianElsewhere, address: `{${SUBJECTS.overdue}}`, action: /^Record$/ },
  ...ofBatches("quality", "/quality", ACCOUNTS.analyst, { registered: NOTHING, expanding: NOTHING, blocked: NOTHING, waiting: NOTHING }),
  ...ofBatches("deviations", "/deviations", ACCOUNTS.reviewer, {
    registered: /^Raise the deviation$/,
    blocked: /^State cause and impact$/,
    infused: NOTHING,
  }),
  ...ofBatches("release", "/release", ACCOUNTS.reviewer, {
    registered: NOTHING,
    waiting: /^Sign the review$/,
    blocked: NOTHING,
    infused: NOTHING,
  }),
  { name: "release-certified", by: ACCOUNTS.pharmacist, address: `{${SUBJECTS.certified}}/release`, action: /^Prepare the dose$/ },
  ...ofBatches("audit", "/audit", ACCOUNTS.inspector, { registered: NOTHING, infused: NOTHING }),
  { name: "people", by: ACCOUNTS.administrator, address: "/people", action: /^Add an account$/ },
  { name: "person", by: ACCOUNTS.administrator, address: "person" },
  { name: "register", by: ACCOUNTS.reviewer, address: "/register" },
  { name: "found", by: ACCOUNTS.inspector, address: "/search?q=GE-" },
  { name: "found-nothing", by: ACCOUNTS.technician, address: "/search?q=nothing" },
  { name: "about", by: ACCOUNTS.technician, address: "/about" },
  { name: "not-found", by: ACCOUNTS.technician, address: "/nowhere" },
  { name: "not-allowed", by: ACCOUNTS.technician, address: "/people" },
];

/** Opens the page of a look. */
export async function open(page: Page, look: Look): Promise<void> {
  let address = look.address;
  const subject = address.match(/^\{(.*)\}/)?.[1];
  if (subject) {
    await page.goto("/?state=all");
    const link = page.getByRole("row").filter({ hasText: subject }).getByRole("link").first();
    address = address.replace(/^\{.*\}/, (await link.getAttribute("href"))!);
  }
  if (address === "person") {
    await page.goto("/people");
    address = (await page.getByRole("link", { name: "Technician 2" }).getAttribute("href"))!;
  }
  await page.goto(address);
}

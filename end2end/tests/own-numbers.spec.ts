// A lab without an ISBT 128 licence: its donations are numbered by a pattern of its own. The site is added on the command line
// while the server runs.

import { awake, expect, inDays, newIdentifiers, Server, test, type Account } from "./support";
import { posted } from "./support/post";
import { fillHarvest } from "./support/record";
import { commanded } from "./support/server";

function person(name: string): Account {
  return { name, printed: name, password: "glass heron under 44 lamps" };
}

const technician = person("technician.own");
const second = person("second.own");

let own: Server;

test.beforeAll(async () => {
  own = await Server.start();
  const site = ["site", "add", "OW", "--name", "Own lab", "--address", "Pier 1, Genoa", "--time-zone", "Europe/Rome"];
  commanded(own, [...site, "--donation-number", "D{year}-{number:4}"]);
  for (const { name, printed, password } of [technician, second]) {
    const add = ["user", "add", name, "--name", printed, "--identity-check", "made up", "--role", "OW:technician"];
    commanded(own, [...add, "--own-password", "--password-stdin"], `${password}\n`);
  }
});

test.afterAll(async () => {
  await own.stop();
});

test("a lab with numbers of its own registers a harvest, and finds it by its number", async ({ as }) => {
  const page = await as(technician, { server: own });
  const year = inDays(0).slice(0, 4);
  const number = `D${year}-0042`;
  const harvest = { ...newIdentifiers(), din: number, check: "", coi: "" };
  await page.goto("/harvests/new");
  await awake(page);
  await expect(page.getByLabel("Check character")).toHaveCount(0);
  await fillHarvest(page, harvest);
  const field = page.getByLabel("Donation number");
  const send = page.getByRole("button", { name: "Register the harvest" });

  await test.step("a wrong number is refused with words, and stays as it was typed", async () => {
    for (const wrong of [`D${year}-42`, `OW-${year}-0042`, number.toLowerCase(), newIdentifiers().din]) {
      await field.fill(wrong);
      await send.click();
      const said = page.getByRole("alert").getByRole("link").first();
      await expect(said, wrong).toContainText(/is no donation number of this site\. They are written as D\d{4}-0+1/);
      await expect(said, wrong).toContainText(wrong);
      await expect(field).toHaveValue(wrong);
    }
  });

  await field.fill(number);
  await send.click();
  await expect(page).toHaveURL(/\/batches\/[0-9a-f-]{36}/);
  const batch = new URL(page.url()).pathname;

  await test.step("it is found by its number, however that is typed", async () => {
    for (const typed of [number, ` d ${year} 0042`, number.replace(/[!-~]/g, wide)]) {
      await page.goto("/");
      await page.getByRole("searchbox", { name: "Find" }).fill(typed);
      await page.keyboard.press("Enter");
      await expect(page, typed).toHaveURL(new RegExp(`${batch}$`));
    }
    await page.getByRole("searchbox", { name: "Find" }).fill(`D${year}-42`);
    await page.keyboard.press("Enter");
    await expect(page.getByText("Nothing at your sites is called")).toBeVisible();
    await expect(page.getByText(/leading zeros do/)).toBeVisible();
  });

  await test.step("the record of a site that was added meanwhile holds: an entry of it is verified", async () => {
    const entry = { batch: batch.replace("/batches/", ""), step: "receipt", field: "identity-match" };
    await posted(page, "record-entry", { ...entry, value: "yes" });
    const by = { user_name: second.name, password: second.password };
    await posted(page, "verify-entry", { ...entry, ...by, seen: JSON.stringify({ "yes-no": true }) });
    await page.goto(batch);
    await expect(page.getByText("changed outside Autolog")).toHaveCount(0);
  });

  await test.step("the number is used once", async () => {
    await page.goto("/harvests/new");
    await fillHarvest(page, { ...newIdentifiers(), din: number, check: "", coi: "" });
    await send.click();
    await expect(page.getByRole("alert")).toContainText(/is already used by batch OW-/);
  });
});

/** A sign in full width, as an input method of another script types it. */
function wide(sign: string): string {
  return String.fromCharCode(sign.charCodeAt(0) + 0xfee0);
}

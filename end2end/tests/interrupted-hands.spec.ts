// What happens between the tap and the answer: a slow line, a cut one, a server that goes away, a session that is somebody
// else's by then. Nothing is recorded twice, nothing that was typed is lost, and what is shown is true.

import type { Page } from "@playwright/test";

import { ACCOUNTS, awake, expect, expectNoise, Server, signIn, test, type Account } from "./support";
import { enter, entryForm, registerAtOnce, title, work } from "./support/record";
import { trail } from "./support/trail";

const RECORD = { name: "Record", exact: true } as const;

/** The values that the record of the batch on this page holds now, as somebody who may read it. */
async function values(inspector: Page, of: Page): Promise<(string | null)[]> {
  return (await trail(inspector, new URL(of.url()).pathname)).map(({ new: value }) => value);
}

/** Holds back the answers to a command until they are let go. */
async function heldBack(page: Page, command: string): Promise<() => void> {
  let letGo = () => {};
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  await page.route(`**/api/${command}`, async (route) => {
    const answer = await route.fetch();
    await gate;
    await route.fulfill({ response: answer });
  });
  return letGo;
}

/** A line of 50 kB/s, and half a second to the server and back. */
async function slow(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 500,
    downloadThroughput: 50_000,
    uploadThroughput: 50_000,
  });
}

test("on a slow line the next field is typed into while the one before is under way: no letter lands elsewhere", async ({ as }) => {
  const page = await as(ACCOUNTS.technician);
  const inspector = await as(ACCOUNTS.inspector);
  await registerAtOnce(page);
  await awake(page);
  const letGo = await heldBack(page, "record-entry");
  const first = entryForm(page, "Handed over by");
  await enter(first, "Carrier 7");
  await first.getByRole("button", RECORD).click();
  await expect(first, "under way").toHaveAttribute("data-underway", "");

  const field = entryForm(page, "Temperature logger").getByRole("textbox").first();
  await field.focus();
  await page.keyboard.type("LOG");
  await page.keyboard.press("ArrowLeft");
  const turned = page.evaluate(() => new Promise<void>((resolve) => document.addEventListener("turned", () => resolve(), { once: true })));
  letGo();
  await turned;
  await expect(first).toHaveCount(0);
  await expect(field, "the hand stays where it is").toBeFocused();
  await page.keyboard.type("-17-");
  await expect(field).toHaveValue("LO-17-G");
  expect((await values(inspector, page)).filter((value) => value === "Carrier 7")).toHaveLength(1);
});

test("two fields under way at once: the second is refused where it stands by then, and keeps what was typed", async ({ as }) => {
  const page = await as(ACCOUNTS.technician);
  await registerAtOnce(page);
  await awake(page);
  const first = entryForm(page, "Handed over by");
  const second = entryForm(page, "Lowest temperature on the way");
  await enter(first, "Carrier 7");
  await enter(second, "cold");
  let letGo = () => {};
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  await page.route("**/api/record-entry", async (route) => {
    const answer = await route.fetch();
    if (route.request().postData()?.includes("cold")) {
      await gate;
    }
    await route.fulfill({ response: answer });
  });
  await second.getByRole("button", RECORD).click();
  await first.getByRole("button", RECORD).click();
  await expect(first, "the page is drawn anew").toHaveCount(0);
  letGo();
  await expect(second.getByRole("alert")).toContainText("cold");
  await expect(second.getByRole("textbox").first()).toHaveValue("cold");
});

test("an answer that was lost is said to be lost, and the same words are not recorded again after another field was", async ({ as }) => {
  const page = await as(ACCOUNTS.technician);
  const inspector = await as(ACCOUNTS.inspector);
  await registerAtOnce(page);
  await awake(page);
  await page.getByText("Comment on the batch", { exact: true }).click();
  const comment = page.locator("#comments form");
  await comment.getByLabel("Comment").fill("The line went down here");
  await page.route("**/api/comment", async (route) => {
    await route.fetch();
    await route.abort();
  });
  await comment.getByRole("button", { name: "Add the comment" }).click();
  await expect(comment.getByRole("alert")).toContainText("it is not known whether this was recorded");
  await expect(comment.getByRole("alert")).toContainText("It is recorded only once, also if it was already.");
  expectNoise(/ERR_FAILED/);
  await page.unroute("**/api/comment");

  // Another field is recorded, and the page is drawn again around what is still typed.
  const form = entryForm(page, "Handed over by");
  await enter(form, "Carrier 7");
  await form.getByRole("button", RECORD).click();
  await expect(form).toHaveCount(0);
  await expect(comment.getByLabel("Comment")).toHaveValue("The line went down here");
  await comment.getByRole("button", { name: "Add the comment" }).click();
  await expect(comment.getByLabel("Comment")).toHaveValue("");
  expect((await values(inspector, page)).filter((value) => value === "The line went down here")).toHaveLength(1);
});

test("what was recorded is called recorded also where the page can't be drawn anew", async ({ as }) => {
  const page = await as(ACCOUNTS.technician);
  const inspector = await as(ACCOUNTS.inspector);
  await registerAtOnce(page);
  await awake(page);
  const form = entryForm(page, "Handed over by");
  await enter(entryForm(page, "Temperature logger"), "LOG-17");
  await enter(form, "Carrier 7");
  await page.route("**/batches/**", (route) => route.abort());
  await form.getByRole("button", RECORD).click();
  await expect(form.getByRole("alert")).toContainText("This was recorded");
  await expect(entryForm(page, "Temperature logger").getByRole("textbox").first(), "the rest of the page is still there").toHaveValue("LOG-17");
  expectNoise(/ERR_FAILED/);
  await page.unroute("**/batches/**");
  await form.getByRole("button", RECORD).click();
  await expect(form).toHaveCount(0);
  expect((await values(inspector, page)).filter((value) => value === "Carrier 7")).toHaveLength(1);
});

for (const script of [true, false]) {
  const how = script ? "with" : "without";

  test(`at 50 kB/s ${how} a script, from the first visit to the second tap, everything is recorded once`, async ({ as }) => {
    test.slow();
    const page = await as(ACCOUNTS.technician, { script });
    const inspector = await as(ACCOUNTS.inspector);
    await registerAtOnce(page);
    await slow(page);
    await page.reload({ waitUntil: "domcontentloaded" });
    // Here the script is still on its way.
    const first = entryForm(page, "Handed over by");
    await enter(first, "Carrier 7");
    await first.getByRole("button", RECORD).dblclick();
    await expect(work(page).getByText("Carrier 7").first()).toBeVisible({ timeout: 30_000 });
    if (script) {
      await expect(page.locator("html")).toHaveAttribute("data-awake", "yes", { timeout: 30_000 });
    }
    const second = entryForm(page, "Temperature logger");
    await enter(second, "LOG-17");
    await second.getByRole("button", RECORD).dblclick();
    await expect(work(page).getByText("LOG-17").first()).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole("alert")).toHaveCount(0);
    const recorded = (await values(inspector, page)).filter((value) => value === "Carrier 7" || value === "LOG-17");
    expect(recorded).toHaveLength(2);
  });

  test(`the server ends and starts again while a form is open ${how} a script: it is said, and then recorded once`, async ({ as }) => {
    const server = await Server.start();
    try {
      const page = await as(ACCOUNTS.technician, { script, server });
      const inspector = await as(ACCOUNTS.inspector, { server });
      await registerAtOnce(page);
      const form = entryForm(page, "Handed over by");
      await enter(form, "Carrier 7");
      if (script) {
        await awake(page);
        await server.down("SIGKILL");
        await form.getByRole("button", RECORD).click();
        await expect(form.getByRole("alert")).toContainText("There is no connection to the server");
        await expect(form.getByRole("textbox").first()).toHaveValue("Carrier 7");
        expectNoise(/ERR_CONNECTION_REFUSED/);
        await server.up();
      } else {
        await server.down();
        await server.up();
      }
      // The session outlives the server, and so does the form.
      await form.getByRole("button", RECORD).click();
      await expect(form).toHaveCount(0);
      await expect(page.getByRole("alert")).toHaveCount(0);
      expect((await values(inspector, page)).filter((value) => value === "Carrier 7")).toHaveLength(1);
    } finally {
      await server.stop();
    }
  });

  test(`two people on one step ${how} a script: the second is told, and what they typed is still shown`, async ({ as }) => {
    const one = await as(ACCOUNTS.technician);
    const other = await as(ACCOUNTS.secondTechnician, { script });
    await registerAtOnce(one);
    await other.goto(one.url());
    if (script) {
      await awake(other);
    }
    await enter(entryForm(other, "Lowest temperature on the way"), "17.2");
    await enter(entryForm(one, "Lowest temperature on the way"), "16.8");
    await entryForm(one, "Lowest temperature on the way").getByRole("button", RECORD).click();
    await expect(entryForm(one, "Lowest temperature on the way")).toHaveCount(0);
    await entryForm(other, "Lowest temperature on the way").getByRole("button", RECORD).click();
    await expect(other.getByRole("alert")).toContainText("is already recorded as 16.8 °C");
    if (script) {
      await expect(entryForm(other, "Lowest temperature on the way").getByRole("textbox").first()).toHaveValue("17.2");
    } else {
      await expect(other.getByRole("alert")).toContainText("17.2");
      await other.reload();
      await expect(other.getByRole("alert"), "also when the page is loaded again").toContainText("17.2");
    }
  });

  // ALCOA: attributable
  test(`two tabs ${how} a script: what one person typed isn't recorded under the name of another who signed in beside it`, async ({ as }) => {
    const page = await as(ACCOUNTS.technician, { script });
    const inspector = await as(ACCOUNTS.inspector);
    await registerAtOnce(page);
    const form = entryForm(page, "Handed over by");
    if (script) {
      await awake(page);
    }
    await enter(form, "Carrier 7");
    const beside = await page.context().newPage();
    await changeOver(beside, ACCOUNTS.secondTechnician);
    await form.getByRole("button", RECORD).click();
    await expect(page.getByRole("alert")).toContainText("You are signed in as Technician 2");
    await expect(page.getByRole("link", { name: /^Technician 2/ }), "the page says who is signed in").toBeVisible();
    // What the first person typed is theirs: the second sees nothing of it, and records nothing of it.
    await expect(form.getByRole("textbox").first()).toHaveValue("");
    expect(await values(inspector, page)).not.toContain("Carrier 7");
    await enter(form, "Carrier 8");
    await form.getByRole("button", RECORD).click();
    await expect(form).toHaveCount(0);
    const entries = await trail(inspector, new URL(page.url()).pathname);
    expect(entries.filter(({ new: value }) => value === "Carrier 8").map(({ name }) => name)).toEqual(["Technician 2"]);
    expect(entries.filter(({ new: value }) => value === "Carrier 7")).toEqual([]);
  });

  test(`back and forward ${how} a script over a recorded form send nothing and show what is recorded`, async ({ as }) => {
    const page = await as(ACCOUNTS.technician, { script });
    const inspector = await as(ACCOUNTS.inspector);
    await registerAtOnce(page);
    const batch = new URL(page.url()).pathname;
    const form = entryForm(page, "Handed over by");
    await enter(form, "Carrier 7");
    await form.getByRole("button", RECORD).click();
    await expect(form).toHaveCount(0);
    const before = await trail(inspector, batch);
    await page.goto("/");
    await page.goBack();
    await expect(work(page).getByText("Carrier 7").first()).toBeVisible();
    await page.goForward();
    await page.goBack();
    await expect(work(page).getByText("Carrier 7").first()).toBeVisible();
    await page.reload();
    await expect(form).toHaveCount(0);
    expect(await title(page)).toBe("Receipt of the aspirate");
    expect(await trail(inspector, batch)).toEqual(before);
  });
}

test("without a script what was refused stays through loading the page again, for its owner alone, until it is recorded", async ({ as }) => {
  const page = await as(ACCOUNTS.technician, { script: false });
  await registerAtOnce(page);
  const form = entryForm(page, "Lowest temperature on the way");
  const typed = form.getByRole("textbox").first();
  await enter(form, "cold");
  await form.getByRole("button", RECORD).click();
  const refused = page.url();
  for (const step of ["at first", "loaded again", "and again"]) {
    await expect(typed, step).toHaveValue("cold");
    await expect(form.getByRole("alert"), step).toContainText("cold");
    await page.reload();
  }

  await test.step("somebody else on the same tablet sees nothing of it", async () => {
    await changeOver(page, ACCOUNTS.secondTechnician);
    await page.goto(refused);
    await expect(typed).toHaveValue("");
    await expect(page.getByRole("alert")).toHaveCount(0);
  });

  await test.step("its owner finds it again, with what was typed last", async () => {
    await changeOver(page, ACCOUNTS.technician);
    await page.goto(refused);
    await expect(typed).toHaveValue("cold");
    await enter(form, "cool");
    await form.getByRole("button", RECORD).click();
    await expect(typed).toHaveValue("cool");
    await page.reload();
    await expect(typed).toHaveValue("cool");
  });

  await test.step("once it is recorded it is gone", async () => {
    await enter(form, "16.8");
    await form.getByRole("button", RECORD).click();
    await expect(form).toHaveCount(0);
    await page.goto(refused);
    await expect(page.getByRole("alert")).toHaveCount(0);
    await expect(page.getByText("cool", { exact: false })).toHaveCount(0);
  });
});

/** Signs out, and somebody else in. */
async function changeOver(page: Page, to: Account): Promise<void> {
  await page.goto("/about");
  await page.getByRole("button", { name: "Sign out" }).click();
  await signIn(page, to);
}

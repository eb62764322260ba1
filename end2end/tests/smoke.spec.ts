import { expect, test, axe, withoutScript } from "./support";

test("the first page is served, quiet and without a finding of axe", async ({ page }) => {
  const answer = await page.goto("/");
  expect(answer?.status()).toBe(200);
  expect(answer?.headers()["content-security-policy"]).toMatch(/script-src 'nonce-[^']+' 'wasm-unsafe-eval'/);
  await axe(page);
});

test("the first page is complete without a script", async ({ browser, server }) => {
  const page = await (await withoutScript(browser, server)).newPage();
  const answer = await page.goto("/");
  expect(answer?.status()).toBe(200);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
});

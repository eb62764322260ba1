import { defineConfig } from "@playwright/test";

// A Chromium of the system's; Playwright's own where there is none.
const executablePath = process.env.AUTOLOG_CHROMIUM;

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  globalSetup: "./tests/support/demo.ts",
  // Each worker has a server and a record of its own, so files may run side by side.
  fullyParallel: false,
  workers: 2,
  forbidOnly: !!process.env.CI,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    viewport: { width: 1280, height: 800 },
    locale: "en-GB",
    timezoneId: "Europe/Rome",
    // Nothing is looked at halfway.
    contextOptions: { reducedMotion: "reduce" },
    screenshot: "only-on-failure",
    // Each action of a trace keeps a copy of the page, which takes longer than the action.
    trace: process.env.AUTOLOG_TRACE ? "retain-on-failure" : "off",
    launchOptions: {
      executablePath,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});

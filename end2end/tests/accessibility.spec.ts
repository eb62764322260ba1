// Every page for everyone: read aloud, by keyboard, by glove, at the desk and at the tablet, by day and by night.

import type { Page } from "@playwright/test";

import { axe, contrast, expect, fits, SIZES, targets, test } from "./support";
import { LOOKS, open } from "./support/pages";

// The pages are only looked at, so any worker may take any of them.
test.describe.configure({ mode: "parallel" });

for (const look of LOOKS) {
  // UI-4, UI-7
  test(`${look.name}: axe finds nothing, nothing sticks out, every target can be hit, every key gets there`, async ({ as, page: nobody }) => {
    // A whole record has hundreds of stops, and axe reads all of it three times.
    test.slow();
    const page = look.by === "nobody" ? nobody : await as(look.by);
    await open(page, look);
    for (const folds of ["closed", "open"]) {
      await page.evaluate((open) => document.querySelectorAll("details").forEach((fold) => open && (fold.open = true)), folds === "open");
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await test.step(`${size.name}, folds ${folds}`, async () => {
          await fits(page);
          await targets(page);
          // What is folded away is only found where it is open.
          if (folds === "open") {
            await axe(page);
          }
        });
      }
    }
    await test.step("in the dark", async () => {
      await page.emulateMedia({ colorScheme: "dark" });
      await contrast(page);
      await page.emulateMedia({ colorScheme: "light" });
    });
    await page.reload();
    await keyboard(page, look.action);
  });
}

interface Stop {
  name: string;
  seen: boolean;
  shown: boolean;
}

/** Tabs through the whole page: each stop is in sight and shows that it has the focus, and one of them is the action. */
async function keyboard(page: Page, action?: RegExp): Promise<void> {
  const stops: Stop[] = [];
  const most = 400;
  await page.evaluate(() => window.scrollTo(0, 0));
  for (let pressed = 0; pressed < most; pressed += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const at = document.activeElement as HTMLElement | null;
      if (!at || at === document.body) {
        return null;
      }
      if (at.dataset.visited) {
        // A day has stops for day, month and year within it.
        return at.dataset.visited === "last" && (at as HTMLInputElement).type === "date" ? "within" : null;
      }
      document.querySelector<HTMLElement>("[data-visited=last]")?.setAttribute("data-visited", "yes");
      at.dataset.visited = "last";
      const label = at.closest("label") ?? (at as HTMLInputElement).labels?.[0];
      // What is drawn around a control may be drawn by its label.
      const drawn = [at, ...(label ? [label, ...label.querySelectorAll("*")] : [])].map((one) => getComputedStyle(one));
      const box = at.getBoundingClientRect();
      const wide = label?.getBoundingClientRect() ?? box;
      return {
        name: (at.innerText || at.getAttribute("aria-label") || label?.innerText || at.id).replace(/\s+/g, " ").trim(),
        seen: drawn.some(
          ({ outlineStyle, outlineWidth, boxShadow }) =>
            (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || boxShadow !== "none",
        ),
        shown:
          Math.max(box.bottom, wide.bottom) > 0 &&
          Math.min(box.top, wide.top) < window.innerHeight &&
          Math.max(box.right, wide.right) > 0,
      };
    });
    if (!stop) {
      break;
    }
    if (stop !== "within") {
      stops.push(stop);
    }
  }
  expect(stops.length, "stops of the tab key").toBeGreaterThan(0);
  expect(stops.length, "the tab key comes to an end").toBeLessThan(most);
  expect(stops.filter(({ seen }) => !seen).map(({ name }) => name), `focus can't be seen on ${page.url()}`).toEqual([]);
  expect(stops.filter(({ shown }) => !shown).map(({ name }) => name), `focus is out of sight on ${page.url()}`).toEqual([]);
  if (action) {
    expect(stops.map(({ name }) => name).some((name) => action.test(name)), `${action} is reached by the tab key`).toBe(true);
  }
}

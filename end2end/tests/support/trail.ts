// What the record holds, read from the copy of a batch's audit trail.

import type { Page } from "@playwright/test";

import { posted } from "./post";

export interface TrailEntry {
  entry: number;
  kind: string;
  name: string;
  step: string | null;
  field: string | null;
  old: string | null;
  new: string | null;
  reason: string | null;
}

/** All entries of a batch; `page` is of somebody who may read the trail. */
export async function trail(page: Page, batch: string): Promise<TrailEntry[]> {
  // A page that shows nothing yet is no page of this server that a form could come from.
  if (page.url() === "about:blank") {
    await page.goto(`${batch}/audit`);
  }
  await posted(page, "copy-audit-trail", { batch: batch.split("/").pop()!, format: "json" });
  const copy = await page.request.get(await newestPrint(page, `${batch}/audit`));
  return ((await copy.json()) as { entries: TrailEntry[] }).entries;
}

/** The address of the newest print that a page lists. */
export async function newestPrint(page: Page, address: string): Promise<string> {
  const shown = await (await page.request.get(address)).text();
  const [first] = [...shown.matchAll(/href="(\/batches\/[0-9a-f-]{36}\/prints\/\d+)"/g)];
  return first[1];
}

/** The number of the last one. */
export async function lastEntry(page: Page, batch: string): Promise<number> {
  return Math.max(...(await trail(page, batch)).map(({ entry }) => entry));
}

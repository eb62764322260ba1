// What the record holds, read from the copy of a batch's audit trail.

import type { Page } from "@playwright/test";

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
  const copy = await page.request.get(`${batch}/audit.json`);
  return ((await copy.json()) as { entries: TrailEntry[] }).entries;
}

/** The number of the last one. */
export async function lastEntry(page: Page, batch: string): Promise<number> {
  return Math.max(...(await trail(page, batch)).map(({ entry }) => entry));
}

// Fills the demo once; every worker starts from a copy of it.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { binary, databaseUrl } from "./server";

export default function fillDemo(): () => void {
  const folder = mkdtempSync(path.join(tmpdir(), "autolog-demo-"));
  const shown = execFileSync(binary(), ["demo"], {
    encoding: "utf8",
    env: { ...process.env, AUTOLOG_DATABASE_URL: databaseUrl(folder), AUTOLOG_DATA_DIR: folder },
  });
  process.env.AUTOLOG_DEMO = folder;
  process.env.AUTOLOG_DEMO_SHOWN = shown;
  return () => rmSync(folder, { recursive: true, force: true });
}

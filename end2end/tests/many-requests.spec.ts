// Many readers at once, some of whom go away in the middle: every page is answered, whole, and nothing hangs. Pages are
// drawn as streams, and a stream that waits for itself would show here.

import { ACCOUNTS, batchOf, expect, Server, SUBJECTS, test, type Account } from "./support";
import { posted } from "./support/post";

/** How many for each page and setting: `AUTOLOG_REQUESTS=1000` for all. */
const REQUESTS = Number(process.env.AUTOLOG_REQUESTS ?? 40);
const AT_ONCE = 20;
/** Nobody waits longer for a page, on however busy a machine. */
const HANGS_AFTER_MS = 60_000;

interface Type {
  address: string;
  by: Account | "nobody";
  status?: number;
  /** How a whole answer ends. */
  end?: string;
}

/** Each type of page and download once, with the batch that has most to show. */
const TYPES: Type[] = [
  { address: "/sign-in", by: "nobody" },
  { address: "/", by: "nobody", status: 303, end: "" },
  { address: "/?state=all", by: ACCOUNTS.reviewer },
  { address: "/harvests/new", by: ACCOUNTS.technician },
  { address: "/account", by: ACCOUNTS.technician },
  { address: "/change-password", by: ACCOUNTS.technician },
  { address: "{GE-012}", by: ACCOUNTS.technician },
  { address: "{GE-007}", by: ACCOUNTS.technician },
  { address: "{GE-010}/quality", by: ACCOUNTS.analyst },
  { address: "{GE-010}/deviations", by: ACCOUNTS.reviewer },
  { address: "{GE-009}/release", by: ACCOUNTS.pharmacist },
  { address: "{GE-007}/audit", by: ACCOUNTS.inspector },
  { address: "{GE-007}/prints/1", by: ACCOUNTS.inspector, end: "" },
  { address: "{GE-007}/prints/2", by: ACCOUNTS.inspector, end: "}" },
  { address: "{GE-007}/prints/3", by: ACCOUNTS.inspector, end: "%%EOF" },
  { address: "/ledgers/GE/export.jsonl", by: ACCOUNTS.inspector, end: "}" },
  { address: "/people", by: ACCOUNTS.administrator },
  { address: "/register", by: ACCOUNTS.reviewer },
  { address: "/about", by: ACCOUNTS.technician },
  { address: "/nowhere", by: ACCOUNTS.technician, status: 404 },
  { address: "/people", by: ACCOUNTS.technician, status: 403 },
  { address: "/fault?id=none", by: "nobody", status: 500 },
];

for (const threads of ["as many as there are", "1"]) {
  test(`${REQUESTS} requests of every page, ${AT_ONCE} at a time, with worker threads: ${threads}`, async ({ as }) => {
    test.setTimeout(120_000 + REQUESTS * TYPES.length * 500);
    const server = await Server.start("demo", threads === "1" ? { TOKIO_WORKER_THREADS: "1" } : {});
    try {
      const subjects = new Map<string, string>();
      const looking = await as(ACCOUNTS.inspector, { server });
      for (const subject of [SUBJECTS.infused, SUBJECTS.certified, SUBJECTS.blocked, SUBJECTS.expanding]) {
        subjects.set(subject, await batchOf(looking, subject));
      }
      const infused = subjects.get(SUBJECTS.infused)!;
      const batch = infused.split("/").pop()!;
      for (const format of ["csv", "json"]) {
        await posted(looking, "copy-audit-trail", { batch, format });
      }
      const release = await (await looking.request.get(`${infused}/release`)).text();
      await posted(looking, "print-certificate", { batch, number: release.match(/GE-\d{4}-\d{4}-C\d/)![0] });
      const cookies = new Map<string, string>();
      for (const { by } of TYPES) {
        if (by !== "nobody" && !cookies.has(by.name)) {
          const context = (await as(by, { server })).context();
          cookies.set(by.name, (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; "));
        }
      }
      for (const type of TYPES) {
        const address = type.address.replace(/\{(.*)\}/, (_, subject: string) => subjects.get(subject)!);
        const cookie = type.by === "nobody" ? "" : cookies.get(type.by.name)!;
        await test.step(type.address, () => all(server, address, cookie, type));
      }
    } finally {
      await server.stop();
    }
  });
}

/** Asks for a page so many times; every fifth reader goes away before the page is there. */
async function all(server: Server, address: string, cookie: string, type: Type): Promise<void> {
  let next = 0;
  const reader = async (): Promise<void> => {
    for (let place = next++; place < REQUESTS; place = next++) {
      const goes = place % 5 === 4;
      const signal = goes ? AbortSignal.timeout(3) : AbortSignal.timeout(HANGS_AFTER_MS);
      const headers = { cookie, accept: "text/html" };
      try {
        const answer = await fetch(server.url + address, { headers, redirect: "manual", signal });
        const body = Buffer.from(await answer.arrayBuffer()).toString("latin1");
        expect(answer.status, address).toBe(type.status ?? 200);
        // The scripts of a page stand behind its end.
        const whole = type.end === undefined ? /<\/html>(<script[^>]*>[^]*<\/script>)*\s*$/ : new RegExp(`${type.end}\\s*$`);
        expect(whole.test(body), `${address} is whole: …${body.slice(-60)}`).toBe(true);
      } catch (error) {
        const gone = goes && error instanceof Error && ["TimeoutError", "AbortError"].includes(error.name);
        if (!gone) {
          throw error;
        }
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, reader));
}

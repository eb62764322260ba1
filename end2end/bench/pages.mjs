// The pages under load: what they cost beside an empty page of the same server, how they grow with the record, how soon
// the server is there, whether it keeps memory, and when a slow browser has the batch page awake.
//
// Called by `cargo xtask bench`, which says in the environment where the programs are. `wrk` makes the load.

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { brotliCompressSync } from "node:zlib";
import { chromium } from "@playwright/test";

const { AUTOLOG_BINARY: binary, AUTOLOG_SITE: site, AUTOLOG_FILL: fill, AUTOLOG_BENCH_FOLDER: folder } = process.env;
const SIZES = (process.env.AUTOLOG_BENCH_BATCHES ?? "1000,10000,100000").split(",").map(Number);
const ROUNDS = Number(process.env.AUTOLOG_BENCH_ROUNDS ?? 5);
const SECONDS = Number(process.env.AUTOLOG_BENCH_SECONDS ?? 4);
const READS = Number(process.env.AUTOLOG_BENCH_READS ?? 100_000);
const READERS = 50;
// No page lies here: the program draws one of a heading and a sentence, through all the layers of any other.
const EMPTY = "/no-such-page";

/** A record with so many batches in the site GE, and the address of the one with 500 entries. */
function filled(batches) {
  const data = mkdtempSync(join(folder, `record-${batches}-`));
  execFileSync(binary, ["demo"], { env: { ...process.env, AUTOLOG_DATA_DIR: data }, stdio: "ignore" });
  const id = execFileSync(fill, [data, String(batches)], { encoding: "utf8" }).trim();
  return { data, long: `/batches/${id}` };
}

/** A server on a record; `ready` is how long it took until it answered. */
async function served(data) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const started = performance.now();
  const process_ = spawn(binary, ["serve"], {
    env: { ...process.env, AUTOLOG_DATA_DIR: data, AUTOLOG_SITE: site, AUTOLOG_LISTEN: `127.0.0.1:${port}`, AUTOLOG_LOG: "error" },
    stdio: "ignore",
  });
  while (!(await answers(url))) await new Promise((go) => setTimeout(go, 2));
  return {
    url,
    ready: performance.now() - started,
    pid: process_.pid,
    stop: () => new Promise((ended) => process_.once("exit", ended) && process_.kill("SIGTERM")),
  };
}

const answers = (url) => fetch(`${url}/sign-in`).then((answer) => answer.text(), () => "");

function freePort() {
  return new Promise((found) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });
}

async function cookie(url, user_name = "technician.1") {
  const form = { form: "sign-in", page: "/sign-in", to: "/", user_name, password: "marrow to vein" };
  const headers = { origin: url, accept: "application/json" };
  const answer = await fetch(`${url}/api/sign-in`, { method: "POST", headers, body: new URLSearchParams(form) });
  return answer.headers.get("set-cookie").split(";")[0];
}

/** Many readers of a page for some seconds: median and 99th percentile in ms. */
function load(url, headers, { readers = READERS, seconds = SECONDS } = {}) {
  const given = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  const told = execFileSync("wrk", ["-t1", `-c${readers}`, `-d${seconds}s`, "--timeout", "30s", "--latency", ...given, url], { encoding: "utf8" });
  const at = (percent) => {
    const [, figure, unit] = told.match(new RegExp(`${percent}%\\s+([\\d.]+)(us|ms|s|m)\\b`));
    return Number(figure) * { us: 0.001, ms: 1, s: 1000, m: 60_000 }[unit];
  };
  const requests = Number(told.match(/(\d+) requests in/)[1]);
  const refused = /Non-2xx/.test(told) && !url.endsWith(EMPTY);
  if (requests === 0 || refused) throw new Error(`${url}: ${refused ? "refused" : "no answer in time"}\n${told}`);
  return { median: at(50), p99: at(99), requests };
}

const sorted = (figures) => [...figures].sort((one, other) => one - other);
const median = (figures) => sorted(figures)[figures.length >> 1];

function shown(figures, digits = 2) {
  const [least, most] = [Math.min(...figures), Math.max(...figures)];
  return `${median(figures).toFixed(digits)} (${least.toFixed(digits)} to ${most.toFixed(digits)})`;
}

function row(what, figures, unit = "", digits = 2) {
  console.log(`  ${what.padEnd(58)} ${shown(figures, digits)} ${unit}`);
}

/** The batch page and the board beside the empty page, turn by turn. */
async function pages(record, batches) {
  const server = await served(record.data);
  const headers = { cookie: await cookie(server.url), "accept-encoding": "br" };
  const kept = { empty: [], batch: [], board: [] };
  const paths = { empty: EMPTY, batch: record.long, board: "/" };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const page of Object.keys(paths)) kept[page].push(load(server.url + paths[page], headers));
  }
  console.log(`${batches} batches, ${READERS} readers, ${ROUNDS} times ${SECONDS} s each`);
  for (const page of Object.keys(paths)) {
    row(`${page} page, median`, kept[page].map((one) => one.median), "ms");
    row(`${page} page, p99`, kept[page].map((one) => one.p99), "ms");
  }
  for (const page of ["batch", "board"]) {
    row(`${page} / empty, median`, kept[page].map((one, at) => one.median / kept.empty[at].median));
    row(`${page} / empty, p99`, kept[page].map((one, at) => one.p99 / kept.empty[at].p99));
  }
  for (const page of ["batch", "board"]) {
    const text = await (await fetch(server.url + paths[page], { headers: { cookie: headers.cookie, "accept-encoding": "identity" } })).text();
    const answer = load(server.url + paths[page], { ...headers, "accept-encoding": "identity" });
    console.log(`  ${page} page: ${text.length} bytes, ${brotliCompressSync(text).length} as brotli at its best; uncompressed median ${answer.median} ms`);
  }
  const one = [];
  for (let round = 0; round < ROUNDS; round += 1) one.push(load(server.url + record.long, headers, { readers: 1 }).median);
  row("batch page, one reader", one, "ms");
  await server.stop();
  return kept;
}

/** From the start of the program to a whole board. */
async function starts(record) {
  const times = [];
  let known;
  for (let round = 0; round <= ROUNDS; round += 1) {
    const started = performance.now();
    const server = await served(record.data);
    known ??= await cookie(server.url);
    const board = await fetch(server.url, { headers: { cookie: known } });
    if (!board.ok) throw new Error(`the board answers ${board.status}`);
    await board.text();
    // The first time signs in as well.
    if (round > 0) times.push(performance.now() - started);
    await server.stop();
  }
  return times;
}

/** What the server holds of memory after some and after many page reads. */
async function memory(record) {
  const server = await served(record.data);
  const headers = { cookie: await cookie(server.url) };
  const held = () => Number(readFileSync(`/proc/${server.pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/)[1]) / 1024;
  let read = 0;
  const told = [];
  for (const upTo of [1_000, READS / 10, READS / 2, READS]) {
    while (read < upTo) read += load(`${server.url}/register`, headers, { seconds: 1 }).requests;
    told.push(`${held().toFixed(1)} MB after ${read}`);
  }
  console.log(`  memory with reads of the register by ${READERS} readers: ${told.join(", ")}`);
  await server.stop();
}

/** When the batch page is awake in a browser on a processor four times slower. */
async function awake(record) {
  const server = await served(record.data);
  const browser = await chromium.launch({
    executablePath: process.env.AUTOLOG_CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  const [name, value] = (await cookie(server.url)).split("=");
  const [cold, warm, drawn] = [[], [], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    const context = await browser.newContext({ viewport: { width: 820, height: 1180 } });
    await context.addCookies([{ name, value, url: server.url }]);
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
    for (const times of [cold, warm]) {
      await page.goto(server.url + record.long, { waitUntil: "commit" });
      await page.waitForSelector("html[data-awake=yes]", { state: "attached", timeout: 60_000 });
      const [paint, now] = await page.evaluate(() => [performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0, performance.now()]);
      times.push(now);
      if (times === cold) drawn.push(paint);
    }
    await context.close();
  }
  row("batch page drawn, 4x slower", drawn, "ms", 0);
  row("batch page awake, 4x slower, first visit", cold, "ms", 0);
  row("batch page awake, 4x slower, next visit", warm, "ms", 0);
  await browser.close();
  await server.stop();
}

/** The certificate of a certified batch, over HTTP, one reader. */
async function certificate(record) {
  const server = await served(record.data);
  // A technician prints none.
  const known = await cookie(server.url, "qp.1");
  const board = await (await fetch(`${server.url}/?state=released`, { headers: { cookie: known } })).text();
  const batch = board.match(/href="(\/batches\/[0-9a-f-]{36})"/)?.[1];
  const times = [];
  if (batch) {
    const release = await (await fetch(`${server.url}${batch}/release`, { headers: { cookie: known } })).text();
    const body = new URLSearchParams({ batch: batch.split("/").pop(), number: release.match(/[A-Z]+-\d{4}-\d{4}-C\d/)[0], command_id: crypto.randomUUID() });
    await fetch(`${server.url}/api/print-certificate`, { method: "POST", body, headers: { cookie: known, origin: server.url } });
  }
  for (let round = 0; batch && round < ROUNDS; round += 1) {
    times.push(load(`${server.url}${batch}/prints/1`, { cookie: known, "accept-encoding": "identity" }, { readers: 1, seconds: 2 }).median);
  }
  if (batch) row("certificate as PDF, over HTTP, one reader", times, "ms");
  await server.stop();
}

const records = SIZES.map((batches) => ({ batches, ...filled(batches) }));
const measured = [];
for (const record of records) measured.push(await pages(record, record.batches));
console.log("growth");
for (const page of ["batch", "board"]) {
  measured.forEach((kept, at) => {
    const ratio = (of) => kept[page].map((one, round) => one[of] / measured[0][page][round][of]);
    row(`${page} page at ${SIZES[at]} / at ${SIZES[0]}, median`, ratio("median"));
    row(`${page} page at ${SIZES[at]} / at ${SIZES[0]}, p99`, ratio("p99"));
  });
}
console.log("alone");
const first = [];
for (const record of records) {
  first.push(await starts(record));
  row(`start to the whole board, ${record.batches} batches`, first.at(-1), "ms", 0);
}
first.forEach((times, at) => row(`start at ${SIZES[at]} / at ${SIZES[0]}`, times.map((time, round) => time / first[0][round])));
await certificate(records[0]);
await awake(records[0]);
await memory(records[0]);
for (const record of records) rmSync(record.data, { recursive: true });

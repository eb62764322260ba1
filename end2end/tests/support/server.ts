// A server of its own on a free port, with its own copy of the demo.

import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

const project = path.resolve(__dirname, "../../..");

/** The program under test; `cargo xtask test` names it. */
export function binary(): string {
  return process.env.AUTOLOG_BINARY ?? path.join(project, "target/debug/autolog");
}

/** The browser's side; the small build if there is one. */
function site(): string {
  const small = path.join(project, "target/site-release");
  return process.env.AUTOLOG_SITE ?? (existsSync(small) ? small : path.join(project, "target/site"));
}

/** Gives a command of the program on the record of a server, which goes on serving meanwhile. */
export function commanded(server: Server, command: string[], typed = ""): void {
  const environment = { ...process.env, AUTOLOG_DATABASE_URL: databaseUrl(server.folder), AUTOLOG_DATA_DIR: server.folder };
  execFileSync(binary(), command, { env: environment, input: typed, stdio: ["pipe", "ignore", "inherit"] });
}

/** Adopts the shipped specification as its next version without minimum times, so that a journey of minutes can end. */
export function withoutMinimumTimes(server: Server): void {
  const shipped = readFileSync(path.join(project, "domain/documents/specification-bm-msc.toml"), "utf8");
  const text = shipped.replace(/^version = 1$/m, "version = 2").replace(/^minimum_days = \d+\n/gm, "");
  const file = path.join(server.folder, "without-minimum-times.toml");
  writeFileSync(file, text);
  commanded(server, ["document", "add", file]);
}

export function databaseUrl(folder: string): string {
  return `sqlite://${path.join(folder, "autolog.db")}`;
}

export class Server {
  private child: ChildProcess;

  private constructor(
    readonly url: string,
    /** The SQLite file and the keys: the record of this server alone. */
    readonly folder: string,
    private readonly environment: Record<string, string>,
  ) {
    this.child = this.spawned();
  }

  /** Starts on the demo, or on an empty record. */
  static async start(record: "demo" | "empty" = "demo", environment: Record<string, string> = {}): Promise<Server> {
    const folder = mkdtempSync(path.join(tmpdir(), "autolog-end2end-"));
    if (record === "demo") {
      cpSync(process.env.AUTOLOG_DEMO!, folder, { recursive: true });
    }
    const port = await freePort();
    const server = new Server(`http://127.0.0.1:${port}`, folder, environment);
    await server.answers();
    return server;
  }

  async stop(): Promise<void> {
    await this.down();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Starts again where it was, on the same record. */
  async up(): Promise<void> {
    this.child = this.spawned();
    await this.answers();
  }

  /** Ends the server and leaves its record; `signal` is how it is told. */
  async down(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = new Promise((resolve) => this.child.once("exit", resolve));
      this.child.kill(signal);
      // A graceful end waits for open connections; a test doesn't.
      const late = setTimeout(() => this.child.kill("SIGKILL"), 3000);
      await ended;
      clearTimeout(late);
    }
  }

  private spawned(): ChildProcess {
    return spawn(binary(), ["serve"], {
      env: {
        ...process.env,
        ...this.environment,
        AUTOLOG_DATABASE_URL: databaseUrl(this.folder),
        AUTOLOG_DATA_DIR: this.folder,
        AUTOLOG_LISTEN: new URL(this.url).host,
        AUTOLOG_SITE: site(),
      },
      stdio: ["ignore", "ignore", "inherit"],
    });
  }

  private async answers(): Promise<void> {
    const started = Date.now();
    while (Date.now() - started < 30_000) {
      if (this.child.exitCode !== null) {
        throw new Error(`autolog serve ended with ${this.child.exitCode}`);
      }
      const answer = await fetch(`${this.url}/healthz`).catch(() => undefined);
      if (answer?.ok) {
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error("autolog serve did not answer within 30 s");
  }
}

async function freePort(): Promise<number> {
  const listener = createServer();
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as AddressInfo;
  await new Promise((resolve) => listener.close(resolve));
  return port;
}

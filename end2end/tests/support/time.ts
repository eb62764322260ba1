// Days and times as people at the demo's site in Genoa type and read them.

const ZONE = "Europe/Rome";

function shown(at: Date): string {
  // Swedish writes a day as 2026-03-05.
  return new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE, dateStyle: "short", timeStyle: "short" }).format(at);
}

/** The time so many minutes ago: `2026-03-05 13:42`. */
export function minutesAgo(minutes: number): string {
  return shown(new Date(Date.now() - minutes * 60_000));
}

/** The day so many days from today: `2026-03-05`. */
export function inDays(days: number): string {
  return shown(new Date(Date.now() + days * 24 * 3_600_000)).slice(0, 10);
}

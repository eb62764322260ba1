// Donation numbers of test facilities, each used once. The check character is computed here once more, not by the program.

import { inDays } from "./time";

/** ISO/IEC 7064 MOD 37-2 over the 13 characters of a DIN. */
export function checkCharacter(din: string): string {
  const signs = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*";
  const sum = [...din].reduce((sum, sign) => ((sum + signs.indexOf(sign)) * 2) % 37, 0);
  return signs[(38 - sum) % 37];
}

/** Another check character than the right one. */
export function wrongCheckCharacter(din: string): string {
  return checkCharacter(din) === "A" ? "B" : "A";
}

let given = 0;

export interface Identifiers {
  subject: string;
  din: string;
  /** Empty where the number is of a lab's own pattern. */
  check: string;
  coi: string;
}

/** A new patient with a new donation. */
export function newIdentifiers(): Identifiers {
  given += 1;
  const year = inDays(0).slice(2, 4);
  const serial = String(700_000 + given);
  const din = `A9997${year}${serial}`;
  return { subject: `GE-T${serial}`, din, check: checkCharacter(din), coi: `CHA9997${year}${serial}` };
}

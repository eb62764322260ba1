// Commands sent past the pages, as a program could send them.

import { randomUUID } from "node:crypto";

import { expect, type APIRequestContext, type Page } from "@playwright/test";

export interface Refused {
  field: string | null;
  text: string;
}

/** What the server answers to the script of a form. */
export type Reply = { done: string } | { refused: Refused[] } | { fault: string } | "sign-in";

export type Fields = Record<string, string>;

/** Sends a command as the person who is signed in on this page; each call is a command of its own, unless told. */
export async function post(page: Page, command: string, fields: Fields, id: string = randomUUID()): Promise<Reply> {
  return postBy(page.request, new URL(page.url()).origin, command, fields, id);
}

export async function postBy(
  request: APIRequestContext,
  origin: string,
  command: string,
  fields: Fields,
  id: string = randomUUID(),
): Promise<Reply> {
  const answer = await request.post(`${origin}/api/${command}`, {
    form: { form: "none", page: "/", command_id: id, ...fields },
    headers: { origin, accept: "application/json" },
  });
  return (await answer.json()) as Reply;
}

/** Sends a command that has to be taken; gives the page that shows it. */
export async function posted(page: Page, command: string, fields: Fields, id?: string): Promise<string> {
  const reply = await post(page, command, fields, id);
  expect(reply, `${command} ${JSON.stringify(fields)}`).toHaveProperty("done");
  return (reply as { done: string }).done;
}

/** Sends a command that has to be refused with these words. */
export async function refused(page: Page, command: string, fields: Fields, words: RegExp): Promise<void> {
  const reply = await post(page, command, fields);
  expect(reply, `${command} ${JSON.stringify(fields)}`).toHaveProperty("refused");
  const texts = (reply as { refused: Refused[] }).refused.map(({ text }) => text).join(" ");
  expect(texts).toMatch(words);
}

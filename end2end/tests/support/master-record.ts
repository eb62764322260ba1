// The shipped master record, read as far as the tests need it: its steps and their fields.

import { readFileSync } from "node:fs";
import path from "node:path";

export interface Field {
  key: string;
  label: string;
  type: "text" | "number" | "yes-no" | "choice" | "day" | "moment";
  choices: string[];
  expected: string[];
  required: boolean;
  critical: boolean;
}

export interface Step {
  key: string;
  title: string;
  signed: boolean;
  recurring: boolean;
  fields: Field[];
}

const project = path.resolve(__dirname, "../../..");

/** The steps in their order. */
export function steps(): Step[] {
  const text = readFileSync(path.join(project, "domain/documents/master-record-bm-msc.toml"), "utf8");
  return text
    .split("\n[[step]]\n")
    .slice(1)
    .map((part) => {
      const [head, ...fields] = part.split("\n[[step.field]]\n");
      return {
        key: word(head, "key")!,
        title: word(head, "title")!,
        signed: word(head, "signature") === "performed",
        recurring: /^recurring = true/m.test(head),
        fields: fields.map(field),
      };
    });
}

function field(text: string): Field {
  return {
    key: word(text, "key")!,
    label: word(text, "label")!,
    type: word(text, "type") as Field["type"],
    choices: words(text, "choices"),
    expected: words(text, "expected"),
    required: /^required = true/m.test(text),
    critical: /^critical = true/m.test(text),
  };
}

function word(text: string, key: string): string | undefined {
  return text.match(new RegExp(`^${key} = "(.*)"$`, "m"))?.[1];
}

function words(text: string, key: string): string[] {
  const list = text.match(new RegExp(`^${key} = (\\[.*\\])$`, "m"))?.[1];
  return list ? (JSON.parse(list) as string[]) : [];
}

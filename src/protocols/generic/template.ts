import { UsageError } from "../../core/errors.ts";
import type { ModelInput } from "../../core/model_input.ts";
import { percentEncoded } from "../../core/untrusted/percent.ts";
import type { BodyParts } from "../../items/body_parts.ts";
import {
  base64Item,
  itemInString,
  itemItself,
  jsonItem,
  jsonItemInString,
  urlencodedJsonItem,
  type Writing,
} from "./item_writing.ts";

/** What stands for something in a template. */
export const PLACEHOLDERS = ["input", "inputs", "batch", "model", "bytes", "base64"] as const;

/** One member of {@linkcode PLACEHOLDERS}. */
export type Placeholder = typeof PLACEHOLDERS[number];

/** A placeholder, and how it is written where it stands. */
export interface Slot {
  /** What stands for something. */
  readonly placeholder: Placeholder;
  /** How it is written there. */
  readonly writing: Writing;
  /** Says that it stands in a text that is no JSON, where bytes are base64 without quotes. */
  readonly inText?: true;
}

/** A text in parts: literal ones are bytes. */
export interface Template {
  /** In their order. */
  readonly parts: readonly (Uint8Array | Slot)[];
}

const utf8 = new TextEncoder();

/**
 * Takes a template apart.
 *
 * @param text With `{{input}}`, `{{inputs}}`, `{{bytes}}`, `{{base64}}`, `{{batch}}` and `{{model}}`.
 * @param where What it belongs to, for messages.
 * @param writing How items are written. In one of JSON a string that is nothing but a placeholder is the value itself, and a
 *     placeholder within a longer string is filled in without quotes.
 * @param isJson Whether the whole is JSON.
 * @throws {UsageError} If it holds anything else between double braces, or braces that are not closed.
 */
export function parseTemplate(text: string, where: string, writing: Writing, isJson = false): Template {
  const pieces = (isJson ? withoutQuotes(text) : text).split(/\{\{\s*(\w*)\s*\}\}/);
  let isInString = false;
  const parts = pieces.map((piece, i) => {
    if (i % 2 === 1) {
      return { placeholder: placeholder(piece, where), writing: isInString ? "json-string" as const : writing };
    }
    if (isJson) isInString = endsInString(piece, isInString);
    return literal(piece, where);
  });
  return { parts: parts.filter((part) => "placeholder" in part || part.length > 0) };
}

/** A template of a text that is no JSON, and more than one item. */
export function inText({ parts }: Template): Template {
  return { parts: parts.map((part) => "placeholder" in part ? { ...part, inText: true } : part) };
}

/** Whether a template uses one of some placeholders. */
export function usesPlaceholder({ parts }: Template, ...names: readonly Placeholder[]): boolean {
  return parts.some((part) => "placeholder" in part && names.includes(part.placeholder));
}

function literal(text: string, where: string): Uint8Array {
  const found = /\{\{[^{}]{0,20}/.exec(text);
  // Braces that only nest, as JSON's do, are no placeholder.
  if (found !== null && /^\{\{\s*[A-Za-z]/.test(found[0])) {
    throw new UsageError(`Cannot use the template of ${where} as a placeholder must be closed: found "${found[0]}"`);
  }
  return utf8.encode(text);
}

function placeholder(name: string, where: string): Placeholder {
  const found = PLACEHOLDERS.find((known) => known === name);
  if (found !== undefined) return found;
  const known = PLACEHOLDERS.map((name) => `{{${name}}}`).join(", ");
  throw new UsageError(`Cannot use the template of ${where} as it may hold only ${known}: found {{${name}}}`);
}

/** A string that is nothing but a placeholder is the value itself. */
function withoutQuotes(json: string): string {
  return json.replaceAll(/(?<!\\)"\{\{\s*(input|inputs|batch|base64)\s*\}\}"/g, "{{$1}}");
}

/** Whether a piece of JSON ends within a string. */
function endsInString(piece: string, isInString: boolean): boolean {
  for (let i = 0; i < piece.length; i++) {
    if (piece[i] === "\\" && isInString) i++;
    else if (piece[i] === '"') isInString = !isInString;
  }
  return isInString;
}

/**
 * Fills a template in for a batch.
 *
 * @param body What it is added to; it shares the items.
 * @param template The template.
 * @param model Name of the model.
 * @param inputs The items; `{{input}}`, `{{bytes}}` and `{{base64}}` are the first.
 * @param first Which item of the request is the first of them. @default {0}
 */
export function fillTemplate(
  body: BodyParts,
  { parts }: Template,
  model: string,
  inputs: readonly ModelInput[],
  first = 0,
): BodyParts {
  for (const part of parts) {
    if ("placeholder" in part) addValue(body, part, model, inputs, first);
    else body.bytes({ bytes: part });
  }
  return body;
}

function addValue(
  body: BodyParts,
  slot: Slot,
  model: string,
  inputs: readonly ModelInput[],
  item: number,
): void {
  const { placeholder, writing, inText } = slot, [first] = inputs;
  switch (inText && placeholder === "input" && first?.kind === "bytes" ? "base64" : placeholder) {
    case "input":
      if (writing === "json") body.list([jsonItem(first!)], item);
      else body.bytes(writing === "json-string" ? itemInString(first!) : itemItself(first!, writing), item);
      break;
    case "bytes":
      body.bytes(itemItself(first!, writing), item);
      break;
    case "base64":
      body.bytes(base64Item(first!, inText && writing === "json" ? "plain" : writing), item);
      break;
    case "inputs":
      addList(body, writing, inputs);
      break;
    case "batch":
      body.text(String(inputs.length));
      break;
    case "model":
      body.text(modelName(model, writing));
  }
}

/** All items as a list of JSON. */
function addList(body: BodyParts, writing: Writing, inputs: readonly ModelInput[]): void {
  if (writing === "urlencoded") {
    body.text("%5B");
    for (const [i, input] of inputs.entries()) body.text(i === 0 ? "" : "%2C").bytes(urlencodedJsonItem(input), i);
    body.text("%5D");
  } else body.text("[").list(inputs.map(writing === "json-string" ? jsonItemInString : jsonItem)).text("]");
}

function modelName(model: string, writing: Writing): string {
  switch (writing) {
    case "plain":
      return model;
    case "urlencoded":
      return percentEncoded(model);
    case "json":
    case "json-string":
      return JSON.stringify(model).slice(1, -1);
  }
}

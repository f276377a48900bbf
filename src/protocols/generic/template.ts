import { UsageError } from "../../core/errors.ts";
import type { MarkedBytes } from "../../core/marker.ts";
import type { ModelInput } from "../../core/model_input.ts";
import { BodyParts } from "../../items/body_parts.ts";
import { encodedItem } from "../../items/encoded_item.ts";
import { JSON_ITEMS } from "../shared/json_form.ts";

/** What stands for something in a template. */
export const PLACEHOLDERS = ["input", "inputs", "batch", "model"] as const;

/** One member of {@linkcode PLACEHOLDERS}. */
export type Placeholder = typeof PLACEHOLDERS[number];

/** A text in parts: literal ones are bytes. */
export interface Template {
  /** In their order. */
  readonly parts: readonly (Uint8Array | Placeholder)[];
  /** Whether it uses a placeholder. */
  uses(placeholder: Placeholder): boolean;
}

const utf8 = new TextEncoder();

/**
 * Takes a template apart.
 *
 * @param text With `{{input}}`, `{{inputs}}`, `{{batch}}` and `{{model}}`.
 * @param where What it belongs to, for messages.
 * @throws {UsageError} If it holds anything else between double braces, or braces that are not closed.
 */
export function parseTemplate(text: string, where: string): Template {
  const pieces = text.split(/\{\{\s*(\w*)\s*\}\}/);
  const parts = pieces.map((piece, i) => i % 2 === 0 ? literal(piece, where) : placeholder(piece, where));
  return {
    parts: parts.filter((part) => typeof part === "string" || part.length > 0),
    uses: (name) => parts.includes(name),
  };
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

/** A template of JSON: a string that is nothing but a placeholder is the value itself, without quotes. */
export function jsonTemplate(value: unknown): string {
  return JSON.stringify(value).replaceAll(/"\{\{\s*(input|inputs|batch)\s*\}\}"/g, "{{$1}}");
}

/**
 * Fills a template in for a batch. Items are JSON (a text a string, bytes base64); the model's name is the inside of a
 * JSON string.
 *
 * @param template The template.
 * @param model Name of the model.
 * @param inputs The items; `{{input}}` is the first.
 * @returns The body, which shares the items.
 */
export function fillTemplate({ parts }: Template, model: string, inputs: readonly ModelInput[]): BodyParts {
  const body = new BodyParts();
  for (const part of parts) {
    if (typeof part === "string") addValue(body, part, model, inputs);
    else body.bytes({ bytes: part });
  }
  return body;
}

function addValue(body: BodyParts, placeholder: Placeholder, model: string, inputs: readonly ModelInput[]): void {
  switch (placeholder) {
    case "input":
      return void body.list([itemOf(inputs[0]!)]);
    case "inputs":
      return void body.text("[").list(inputs.map(itemOf)).text("]");
    case "batch":
      return void body.text(String(inputs.length));
    case "model":
      return void body.text(JSON.stringify(model).slice(1, -1));
  }
}

const encodedBytes = new WeakMap<ModelInput, Uint8Array>();

/** An item behind a comma. */
function itemOf(input: ModelInput): MarkedBytes {
  if (input.kind !== "bytes") return encodedItem(JSON_ITEMS, input);
  let bytes = encodedBytes.get(input);
  if (bytes === undefined) encodedBytes.set(input, bytes = utf8.encode(`,"${input.bytes.toBase64()}"`));
  return { bytes };
}

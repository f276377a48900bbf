import { UsageError } from "../core/errors.ts";
import type { InputSpec, JsonValue, ModelInput } from "../core/model_input.ts";

/** More than this is no set of samples: all of it is kept in memory. */
const MOST_BYTES = 2 ** 29;

/**
 * Reads the items of `--input-data`. A string is a text, every other value is sent as the JSON that it is.
 *
 * - `.json`: a list of items, or one item that is no list; an item that is a list stands in a list: `[[1, 2]]`
 * - `.jsonl`: one item a line, lists too
 * - `.txt`: one text a line
 *
 * Blank lines count for nothing.
 *
 * @param path The file.
 * @returns The items, in the order of the file.
 * @throws {UsageError} If the file cannot be read, is none of these, or has no items.
 */
export async function readInputData(path: string): Promise<InputSpec> {
  const refuse = (required: string, found: string, hint?: string) =>
    new UsageError(`Cannot read the items of "${path}" as ${required}: ${found}`, hint === undefined ? {} : { hint });
  const ending = /\.(jsonl?|txt)$/i.exec(path)?.[1]?.toLowerCase();
  if (ending === undefined) throw refuse("it must end in .json, .jsonl or .txt", "it does not");
  const text = await readText(path, refuse);
  const values = ending === "json"
    ? listOf(parse(text, refuse), refuse)
    : linesOf(text).map(([line, number]) => ending === "txt" ? line : parse(line, refuse, number));
  if (values.length === 0) throw refuse("it must hold at least one item", "it is empty");
  const nothing = values.indexOf(null);
  if (nothing !== -1) throw refuse("an item must be a value", `item ${nothing + 1} is null`);
  return { kind: "samples", samples: values.map(itemOf) };
}

/** Makes an error of what was required and what was found. */
type Refuse = (required: string, found: string, hint?: string) => UsageError;

async function readText(path: string, refuse: Refuse): Promise<string> {
  let bytes: Uint8Array;
  try {
    const { isDirectory, size } = await Deno.stat(path);
    if (isDirectory) throw refuse("it must be a file", "it is a folder");
    if (size > MOST_BYTES) throw refuse(`it must have at most ${MOST_BYTES} bytes`, `it has ${size}`);
    bytes = await Deno.readFile(path);
  } catch (error) {
    if (error instanceof UsageError || !(error instanceof Error)) throw error;
    if (error instanceof Deno.errors.NotFound) throw refuse("it must be a file", "there is none");
    throw refuse("it must be readable", error.message.replace(/\s*\(os error \d+\).*$/s, ""));
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw refuse("it must be text in UTF-8", "it has bytes that are none");
  }
}

/** Lines that are not blank, with their numbers from 1. */
function linesOf(text: string): readonly (readonly [string, number])[] {
  return text.split(/\r?\n/).map((line, index) => [line, index + 1] as const).filter(([line]) => line.trim() !== "");
}

function parse(text: string, refuse: Refuse, line?: number): JsonValue {
  try {
    return JSON.parse(text);
  } catch (error) {
    const where = line === undefined ? "it" : `line ${line}`;
    throw refuse(`${where} must be JSON`, (error as Error).message);
  }
}

/** The items of a JSON document. */
function listOf(document: JsonValue, refuse: Refuse): readonly JsonValue[] {
  if (!Array.isArray(document)) return [document];
  if (document.length > 0 && document.every((value) => typeof value === "number" || typeof value === "boolean")) {
    throw refuse(
      "a list must be a list of items",
      `it is one of ${document.length} numbers, which are either one item or ${document.length}`,
      "Write [[...]] for one item; put one number a line into a .jsonl file for many.",
    );
  }
  return document;
}

function itemOf(value: JsonValue): ModelInput {
  return typeof value === "string" ? { kind: "text", text: value } : { kind: "json", value };
}

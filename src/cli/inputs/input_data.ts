import { UsageError } from "../../core/errors.ts";
import type { JsonValue, ModelInput } from "../../core/model_input.ts";
import { endingOf, type RawFile, type RawSample } from "./raw_sample.ts";
import { parseExactly } from "../../items/exact/exact_json.ts";
import { readNpy } from "./npy.ts";
import { readNpz } from "./npz.ts";
import { readFile, type Refuse, textOf } from "./read_file.ts";
import { writtenJson, writtenValues } from "./written_json.ts";

/** More than this is no set of samples: all of it is kept in memory. */
const MOST_BYTES = 2 ** 29;

/** What the bytes of files are, by their endings. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  bmp: "image/bmp",
  tif: "image/tiff",
  tiff: "image/tiff",
  wav: "audio/wav",
  mp3: "audio/mpeg",
  flac: "audio/flac",
  ogg: "audio/ogg",
  mp4: "video/mp4",
  pdf: "application/pdf",
};

/**
 * Reads the items of `--input-data`. A string is a text, every other value is sent as the JSON that it is.
 *
 * - `.json`: a list of items, or one item that is no list; an item that is a list stands in a list: `[[1, 2]]`
 * - `.jsonl`: one item a line, lists too
 * - `.txt`: one text a line
 * - `.npy`: an array of NumPy, one item or several; `.npz`: several arrays, as a folder of them
 * - `.png`, `.jpg` and every other ending, or none: bytes, one item
 * - a folder: all its files, by their names; or one file for each of the model's inputs
 *
 * Blank lines count for nothing.
 *
 * @param path The file or folder.
 * @returns What it holds, in the order of the file; {@linkcode fitInputs} makes items of it.
 * @throws {UsageError} If a file cannot be read, is none of these, or has no items.
 */
export async function readInputData(path: string): Promise<readonly RawSample[]> {
  const refuse = refuserOf(path);
  if (!await isFolder(path)) return await readSamples(path, refuse);
  const names: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(path)) {
    if (!isDirectory && !name.startsWith(".")) names.push(name);
  }
  if (names.length === 0) throw refuse("a folder must hold files", "it holds none");
  const files: RawFile[] = [];
  for (const name of names.sort()) {
    const file = `${path.replace(/[/\\]$/, "")}/${name}`;
    files.push(rawFile(name, file, await readFile(file, MOST_BYTES, refuserOf(file))));
  }
  return [{ kind: "folder", path, files }];
}

function rawFile(name: string, path: string, bytes: Uint8Array): RawFile {
  return { name, path, bytes, samples: () => samplesOf(path, bytes, refuserOf(path)) };
}

function refuserOf(path: string): Refuse {
  return (required, found, hint) =>
    new UsageError(`Cannot read the items of "${path}" as ${required}: ${found}`, hint === undefined ? {} : { hint });
}

async function readSamples(path: string, refuse: Refuse): Promise<readonly RawSample[]> {
  return await samplesOf(path, await readFile(path, MOST_BYTES, refuse), refuse);
}

async function samplesOf(path: string, bytes: Uint8Array, refuse: Refuse): Promise<readonly RawSample[]> {
  const ending = endingOf(path);
  if (ending === "npz") {
    const files = (await readNpz(bytes, path)).map(({ name, bytes }) => rawFile(name, `${path}/${name}`, bytes));
    return [{ kind: "folder", path, files }];
  }
  if (ending === "npy") return [{ kind: "array", array: readNpy(bytes, path), path }];
  if (!["json", "jsonl", "txt"].includes(ending)) {
    if (bytes.length === 0) throw refuse("it must hold bytes", "it is empty");
    return [{ kind: "file", bytes, contentType: CONTENT_TYPES[ending] ?? "application/octet-stream", path }];
  }
  const text = textOf(bytes, refuse);
  const lines = ending === "json" ? [] : linesOf(text);
  const values = ending === "json"
    ? listOf(parse(text, refuse), refuse)
    : lines.map(([line, number]) => ending === "txt" ? line : parse(line, refuse, number));
  if (values.length === 0) throw refuse("it must hold at least one item", "it is empty");
  const nothing = values.indexOf(null);
  if (nothing !== -1) throw refuse("an item must be a value", `item ${nothing + 1} is null`);
  const written = ending === "json" ? writtenValues(text) : lines.map(([line]) => writtenJson(line));
  return values.map((value, i) => ({ kind: "item", item: itemOf(value, written[i]) }));
}

async function isFolder(path: string): Promise<boolean> {
  return (await Deno.stat(path).catch(() => null))?.isDirectory ?? false;
}

/** Lines that are not blank, with their numbers from 1. */
function linesOf(text: string): readonly (readonly [string, number])[] {
  return text.split(/\r?\n/).map((line, index) => [line, index + 1] as const).filter(([line]) => line.trim() !== "");
}

function parse(text: string, refuse: Refuse, line?: number): JsonValue {
  try {
    return parseExactly(text);
  } catch (error) {
    const where = line === undefined ? "it" : `line ${line}`;
    if (error instanceof RangeError) throw refuse("its numbers must be such that can be sent", error.message);
    throw refuse(`${where} must be JSON`, (error as Error).message);
  }
}

/** The items of a JSON document. */
function listOf(document: JsonValue, refuse: Refuse): readonly JsonValue[] {
  if (!Array.isArray(document)) return [document];
  if (document.length > 0 && document.every((value) => ["number", "bigint", "boolean"].includes(typeof value))) {
    throw refuse(
      "a list must be a list of items",
      `it is one of ${document.length} numbers, which are either one item or ${document.length}`,
      "Write [[...]] for one item; put one number a line into a .jsonl file for many.",
    );
  }
  return document;
}

function itemOf(value: JsonValue, written: string | undefined): ModelInput {
  if (typeof value === "string") return { kind: "text", text: value };
  return { kind: "json", value, ...written !== undefined && { written } };
}

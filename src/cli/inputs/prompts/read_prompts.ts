import { UsageError } from "../../../core/errors.ts";
import type { JsonValue, Prompt } from "../../../core/model_input.ts";
import { MOST_GIVEN_SETS } from "../../../load/requests/request_pool.ts";
import { parseExactly } from "../../../items/exact/exact_json.ts";
import { endingOf } from "../raw_sample.ts";
import { readFile, type Refuse, textOf } from "../read_file.ts";
import { promptOfRecord } from "./prompt_of_record.ts";

/** More than this is no set of prompts: all of it is read at once. */
const MOST_BYTES = 2 ** 29;

/** A prompt of a file. */
export interface FilePrompt {
  /** What is sent. */
  readonly prompt: Prompt;
  /** What was answered to it, of a conversation. */
  readonly answer?: string;
}

/** What a file of prompts holds. */
export interface FilePrompts {
  /** Those that are sent in turn, the first ones. */
  readonly prompts: readonly FilePrompt[];
  /** How many it holds. */
  readonly count: number;
  /** What is passed over, for people. */
  readonly notes: readonly string[];
}

/**
 * Reads a file of prompts.
 *
 * - `.txt`: one text a line
 * - `.json`: a list of entries, ShareGPT's among them
 * - `.jsonl`, and every other ending: one entry a line
 *
 * Blank lines count for nothing.
 *
 * @param path The file.
 * @throws {UsageError} If it cannot be read, naming the line.
 */
export async function readPrompts(path: string): Promise<FilePrompts> {
  const refuse: Refuse = (required, found, hint) =>
    new UsageError(`Cannot read the prompts of "${path}" as ${required}: ${found}`, hint === undefined ? {} : { hint });
  if (/^(csv|parquet|arrow|gz|zip|zst|xz)$/.test(endingOf(path))) {
    throw refuse("it must be JSON, JSONL or text", `its name ends in .${endingOf(path)}`);
  }
  const entries = entriesOf(path, textOf(await readFile(path, MOST_BYTES, refuse), refuse), refuse);
  if (entries.length === 0) throw refuse("it must hold at least one prompt", "it is empty");
  const prompts: FilePrompt[] = [];
  const ignored = new Set<string>();
  let silent = 0, longer = 0;
  for (const { value, where } of entries) {
    const read = promptOfRecord(value);
    if ("required" in read) {
      const refused = refuse(`${where} ${read.required}`, read.found, HINT);
      // Collections of conversations hold some in which nobody says anything.
      if (!isConversation(value) || ++silent === entries.length) throw refused;
      continue;
    }
    if ((read.turns ?? 1) > 1) longer++;
    for (const name of read.ignored ?? []) ignored.add(name);
    prompts.push({ prompt: read.prompt, ...read.answer !== undefined && { answer: read.answer } });
  }
  const count = prompts.length;
  const passed = [...ignored].slice(0, 8).map((name) => `"${name}"`).join(", ");
  return {
    prompts: prompts.slice(0, MOST_GIVEN_SETS),
    count,
    notes: [
      ...count > MOST_GIVEN_SETS
        ? [`Of the ${count} prompts of "${path}" the first ${MOST_GIVEN_SETS} are sent in turn.`]
        : [],
      ...silent > 0 ? [`Of "${path}" ${silent} conversations are passed over, as no user says anything in them.`] : [],
      ...longer > 0
        ? [`Of ${longer} conversations of "${path}" only the first turn is sent: what follows hangs on the answer.`]
        : [],
      ...ignored.size > 0 ? [`Of the prompts of "${path}" is passed over: ${passed}.`] : [],
    ],
  };
}

const HINT =
  'A line is {"prompt": "..."}, {"messages": [{"role": "user", "content": "..."}]}, or, in a .txt file, a text.';

interface Entry {
  readonly value: JsonValue;
  /** `line 3`, `entry 3`. */
  readonly where: string;
}

function entriesOf(path: string, text: string, refuse: Refuse): readonly Entry[] {
  const ending = endingOf(path);
  const isList = /^\s*\[/.test(text) && ending !== "jsonl" && ending !== "ndjson" && ending !== "txt";
  if (isList) {
    const document = parse(text, "it", refuse);
    return (document as readonly JsonValue[]).map((value, i) => ({ value, where: `entry ${i + 1}` }));
  }
  const lines = text.replace(/^\ufeff/, "").split(/\r?\n/).map((line, i) => ({ line, where: `line ${i + 1}` }))
    .filter(({ line }) => line.trim() !== "");
  const isText = ending === "txt" || ending !== "jsonl" && ending !== "ndjson" && ending !== "json" &&
      !/^\s*[{["]/.test(text);
  return lines.map(({ line, where }) => ({ value: isText ? line : parse(line, where, refuse), where }));
}

function parse(text: string, where: string, refuse: Refuse): JsonValue {
  try {
    return parseExactly(text);
  } catch (error) {
    if (error instanceof RangeError) throw refuse(`${where} must have numbers that can be sent`, error.message);
    throw refuse(`${where} must be JSON`, (error as Error).message, HINT);
  }
}

function isConversation(value: JsonValue): boolean {
  return typeof value === "object" && value !== null && "conversations" in value;
}

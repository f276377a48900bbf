/**
 * How a stateful model's sequences are named: several requests that the server keeps a state for.
 *
 * - `number`: by a number of 16 digits, which every JSON parser holds exactly
 * - `number32`: by a number of ten digits that a signed integer of 32 bits holds
 * - `text`: by the same digits as a text
 */
export interface SequenceForm {
  /** What names one. */
  readonly id: "number" | "number32" | "text";
  /** How long the server keeps a sequence that it is sent nothing of, ms; `null` if unknown. */
  readonly idleMs: number | null;
}

/** The sequences that a run sends. */
export interface Sequencing extends SequenceForm {
  /** Requests in each. */
  readonly length: number;
}

/** One request's place in its sequence. */
export interface SequenceStep {
  /** Names the sequence: as many digits as its form has. */
  readonly id: number;
  /** Whether it is the first. */
  readonly start: boolean;
  /** Whether it is the last. */
  readonly end: boolean;
}

/** Where a request says its step: offsets into the first part of its body. */
export interface SequencePlaces {
  /** First digit of the id. */
  readonly id: number;
  /** How many digits it has. */
  readonly digits: number;
  /** The word of five letters that says whether it is the first. */
  readonly start: number;
  /** The same of the last. */
  readonly end: number;
}

const utf8 = new TextEncoder();
/** Letters of either word. */
const WORD = 5;
/** A blank behind a word is no part of it in JSON, and both are of one length. */
const YES = utf8.encode("true "), NO = utf8.encode("false");
const ZERO = 48;

/**
 * The least and the most that an id may be: numbers with as many digits each.
 *
 * @param form How sequences are named.
 */
export function idBounds({ id }: SequenceForm): { readonly least: number; readonly most: number } {
  return id === "number32" ? { least: 1e9, most: 2 ** 31 - 1 } : { least: 1e15, most: Number.MAX_SAFE_INTEGER };
}

/**
 * The parameters of a step in JSON, without braces, and where they may be rewritten.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const { text, places } = sequenceParameters({ id: "number32", idleMs: null }, 1);
 * const bytes = new TextEncoder().encode(`{${text}}`);
 * writeStep(bytes, places, { id: 1234567890, start: true, end: false });
 * const written = JSON.parse(new TextDecoder().decode(bytes));
 * assertEquals(written, { sequence_id: 1234567890, sequence_start: true, sequence_end: false });
 * ```
 *
 * @param form How sequences are named.
 * @param at Where the text will stand, byte offset.
 */
export function sequenceParameters(
  form: SequenceForm,
  at: number,
): { readonly text: string; readonly places: SequencePlaces } {
  const id = String(idBounds(form).least);
  const quote = form.id === "text" ? '"' : "";
  const before = `"sequence_id":${quote}`, start = `${before}${id}${quote},"sequence_start":`;
  const end = `${start}false,"sequence_end":`;
  const places = { id: at + before.length, digits: id.length, start: at + start.length, end: at + end.length };
  return { text: `${end}false`, places };
}

/**
 * Where what says the step ends, byte offset.
 *
 * @param places Where it begins.
 */
export function endOfStep({ start, end }: SequencePlaces): number {
  return Math.max(start, end) + WORD;
}

/**
 * Writes a step. Nothing else of the body changes, neither does its length.
 *
 * @param bytes The first part of a body.
 * @param places Where it says its step.
 * @param step What to write.
 */
export function writeStep(bytes: Uint8Array, { id, digits, start, end }: SequencePlaces, step: SequenceStep): void {
  let rest = step.id;
  for (let i = id + digits - 1; i >= id; i--) {
    const higher = Math.floor(rest / 10);
    bytes[i] = ZERO + (rest - 10 * higher);
    rest = higher;
  }
  bytes.set(step.start ? YES : NO, start);
  bytes.set(step.end ? YES : NO, end);
}

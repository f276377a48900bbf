import type { JsonValue } from "../../core/model_input.ts";
import { readSchema } from "./schema.ts";

/** Deeper than this nothing is made up: schemas may hold themselves. */
const DEEPEST = 8;
const TEXT = "An example text";
/** Numbers of a list whose length nobody says. */
const LIST_LENGTH = 4;
const LONGEST_LIST = 4096;

/** A value that a schema allows, as far as it says. */
export interface Example {
  /** The value. */
  readonly value: JsonValue;
  /** JSON pointers, from the value, to what the document gives no example, default or choice for. */
  readonly madeUp: readonly string[];
}

/**
 * Makes a value of a schema: its example, constant, default or first choice, else one of its type within its bounds. Of
 * objects it holds the fields that must be there and those that have a default or an example.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { exampleOf } from "./example.ts";
 * const properties = { k: { type: "integer", minimum: 3 }, flip: { default: true }, note: { type: "string" } };
 * const { value, madeUp } = exampleOf({}, { type: "object", properties, required: ["k"] });
 * assertEquals([value, madeUp], [{ k: 3, flip: true }, ["/k"]]);
 * ```
 *
 * @param document What its references point into.
 * @param schema The schema.
 * @param depth How deep it stands.
 */
export function exampleOf(document: unknown, schema: unknown, depth = 0): Example {
  const { type, properties, required, items, given, more } = readSchema(document, schema);
  if (given.length > 0) return { value: given[0] as JsonValue, madeUp: [] };
  const made = (value: JsonValue) => ({ value, madeUp: [""] });
  if (depth > DEEPEST) return made(null);
  switch (type) {
    case "object": {
      const fields = [...properties].filter(([name, field]) =>
        required.has(name) || readSchema(document, field).given.length > 0
      );
      const values = fields.map(([name, field]) => [name, exampleOf(document, field, depth + 1)] as const);
      return {
        value: Object.fromEntries(values.map(([name, { value }]) => [name, value])),
        madeUp: values.flatMap(([name, { madeUp }]) => madeUp.map((pointer) => `/${escaped(name)}${pointer}`)),
      };
    }
    case "array": {
      const isOfNumbers = ["number", "integer"].includes(readSchema(document, items).type ?? "");
      const length = lengthOf(more, isOfNumbers ? LIST_LENGTH : 1);
      const { value, madeUp } = exampleOf(document, items, depth + 1);
      return { value: Array.from({ length }, () => value), madeUp: madeUp.map((pointer) => `/0${pointer}`) };
    }
    case "integer":
      return made(Math.ceil(withinBounds(more, 1, 1)));
    case "number":
      return made(withinBounds(more, 0.5, 0.01));
    case "boolean":
      return made(false);
    case "string":
      return made(text(more));
    default:
      return made(1);
  }
}

/** A field's name as a part of a JSON pointer. */
export function escaped(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

function lengthOf({ minItems, maxItems }: Readonly<Record<string, unknown>>, usual: number): number {
  const most = typeof maxItems === "number" ? maxItems : Infinity;
  return Math.min(most, LONGEST_LIST, typeof minItems === "number" && minItems > 0 ? minItems : usual);
}

function withinBounds(schema: Readonly<Record<string, unknown>>, usual: number, step: number): number {
  const bound = (name: string) => typeof schema[name] === "number" ? schema[name] : null;
  const above = bound("exclusiveMinimum"), below = bound("exclusiveMaximum");
  const least = bound("minimum") ?? (above === null ? -Infinity : above + step);
  const most = bound("maximum") ?? (below === null ? Infinity : below - step);
  return Math.max(least, Math.min(most, usual));
}

function text({ format, minLength, maxLength }: Readonly<Record<string, unknown>>): string {
  if (format === "date-time") return "2026-01-01T00:00:00Z";
  if (format === "date") return "2026-01-01";
  if (format === "uuid") return "00000000-0000-4000-8000-000000000000";
  if (format === "uri" || format === "url") return "http://127.0.0.1/";
  if (format === "email") return "somebody@example.com";
  const least = typeof minLength === "number" ? minLength : 0;
  return TEXT.padEnd(least, ".").slice(0, typeof maxLength === "number" ? maxLength : undefined);
}

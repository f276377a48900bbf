/** An object of a document that nobody checked yet. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * Whether something is an object with fields.
 *
 * @param value Anything out of JSON.
 */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Converts an object. Anything else stays as it is, so that the schema, which reads after, says what is wrong with it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { converted } from "./fields.ts";
 *
 * assertEquals(converted({ a: 1 }, (fields) => ({ ...fields, b: 2 })), { a: 1, b: 2 });
 * assertEquals(converted("broken", (fields) => ({ ...fields, b: 2 })), "broken");
 * ```
 *
 * @param value Anything out of JSON.
 * @param convert Makes the new object.
 */
export function converted(value: unknown, convert: (fields: Fields) => Fields): unknown {
  return isFields(value) ? convert(value) : value;
}

/**
 * Converts each object of a list, in the same way.
 *
 * @param value Anything out of JSON.
 * @param convert Makes one new object.
 */
export function eachConverted(value: unknown, convert: (fields: Fields) => Fields): unknown {
  return Array.isArray(value) ? value.map((item) => converted(item, convert)) : value;
}

/**
 * An object without some of its fields.
 *
 * @param fields The object.
 * @param names Fields to leave out.
 */
export function without(fields: Fields, ...names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

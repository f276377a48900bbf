import type { JsonValue } from "../../core/model_input.ts";
import { DEEPEST_JSON, isNestedDeeper } from "../../core/untrusted/nesting.ts";

/** What a double may not hold: integers of 16 digits or more, exponents of three. */
const LONG_NUMBER = /(?<![\d.])\d{16}|[eE][+-]?\d{3}/;

/** Of JavaScript since 2025: a reviver is told what a number was written as. */
type Revive = (key: string, value: JsonValue, context: { readonly source?: string }) => JsonValue;

/**
 * Reads JSON without altering a number: integers beyond 2^53 become bigint.
 *
 * @example
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * assertEquals(parseExactly("[9007199254740993, 1]"), [9007199254740993n, 1]);
 * assertThrows(() => parseExactly("1e400"), RangeError);
 * ```
 *
 * @param text JSON.
 * @throws {SyntaxError} If it is none, or nested deeper than anything that a model takes.
 * @throws {RangeError} If a number is too large or too small, naming it.
 */
export function parseExactly(text: string): JsonValue {
  const value: JsonValue = JSON.parse(text);
  if (isNestedDeeper(value)) throw new SyntaxError(`it is nested deeper than ${DEEPEST_JSON} levels`);
  if (!LONG_NUMBER.test(text)) return value;
  const revive: Revive = (_, value, { source = "" }) => typeof value === "number" ? exact(value, source) : value;
  return JSON.parse(text, revive as Parameters<typeof JSON.parse>[1]);
}

function exact(value: number, source: string): number | bigint {
  if (Number.isSafeInteger(value) && value !== 0) return value;
  if (/^-?\d+$/.test(source)) return value === 0 ? value : BigInt(source);
  const [mantissa = ""] = source.split(/[eE]/);
  if (!Number.isFinite(value) || value === 0 && /[1-9]/.test(mantissa)) throw new RangeError(source.slice(0, 40));
  return value;
}

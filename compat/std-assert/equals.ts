import { AssertionError as NodeAssertionError } from "node:assert";
import { isDeepStrictEqual, stripVTControlCharacters } from "node:util";
import { AssertionError, format, suffix } from "./assertion_error.ts";

/** Throws if `actual` and `expected` are not deeply equal. */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  if (equal(actual, expected)) return;
  throw new AssertionError(`Values are not equal${suffix(msg)}\n${difference(actual, expected)}`);
}

/** Throws if `actual` and `expected` are deeply equal. */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  if (!equal(actual, expected)) return;
  throw new AssertionError(`Expected actual: ${format(actual)} not to be: ${format(expected)}${suffix(msg)}`);
}

/** Throws if `actual` and `expected` are not the same by `Object.is`. */
export function assertStrictEquals<T>(actual: unknown, expected: T, msg?: string): asserts actual is T {
  if (Object.is(actual, expected)) return;
  const shown = format(actual);
  throw new AssertionError(
    shown === format(expected)
      ? `Values have the same structure but are not reference-equal${suffix(msg)}\n\n${indent(shown)}\n`
      : `Values are not strictly equal${suffix(msg)}\n${difference(actual, expected)}`,
  );
}

/**
 * Deep equality as std has it. It is Node's, but for two things in which std is lenient: 0 equals -0, and an object
 * without a prototype equals a plain one.
 */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b || isDeepStrictEqual(a, b)) return true;
  if (!isStructure(a) || !isStructure(b) || kindOf(a) !== kindOf(b)) return false;
  const keys = Reflect.ownKeys(a);
  return keys.length === Reflect.ownKeys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
}

type Structure = Record<PropertyKey, unknown>;

/** Whether a value is no more than its properties; a Date, a Map or an Error is more. */
function isStructure(value: unknown): value is Structure {
  if (typeof value !== "object" || value === null) return false;
  return Array.isArray(value) || ArrayBuffer.isView(value) || kindOf(value) === Object;
}

function kindOf(value: object): unknown {
  return Object.getPrototypeOf(value)?.constructor ?? Object;
}

/** The difference of two values, line by line, as Node shows it. */
function difference(actual: unknown, expected: unknown): string {
  const { message } = new NodeAssertionError({ actual, expected, operator: "deepStrictEqual" });
  return `\n${indent(stripVTControlCharacters(message).split("\n").slice(1).join("\n").trim())}\n`;
}

function indent(text: string): string {
  return text.split("\n").map((line) => line === "" ? line : `    ${line}`).join("\n");
}

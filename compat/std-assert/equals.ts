import { AssertionError, format, suffix } from "./assertion_error.ts";
import { difference } from "./difference.ts";
import { equal } from "./equal.ts";

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

function indent(text: string): string {
  return text.split("\n").map((line) => `    ${line}`).join("\n");
}

import assertModule from "node:assert/strict";

/** Makes an assertion: throws if `actual` and `expected` are not deeply equal. */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  assertModule.deepStrictEqual(actual, expected, msg);
}

/** Makes an assertion: throws if `expr` is falsy. */
export function assert(expr: unknown, msg = ""): asserts expr {
  assertModule.ok(expr, msg);
}

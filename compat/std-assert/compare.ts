import { AssertionError, format, suffix } from "./assertion_error.ts";

/**
 * Throws if `actual` is further from `expected` than `tolerance`, by default one hundred thousandth of a percent of
 * `expected`.
 */
export function assertAlmostEquals(actual: number, expected: number, tolerance?: number, msg?: string): void {
  if (Object.is(actual, expected)) return;
  const delta = Math.abs(expected - actual);
  const allowed = tolerance ?? (Number.isFinite(expected) ? Math.abs(expected * 1e-7) : 1e-7);
  if (delta <= allowed) return;
  const show = (value: number) => Number.isInteger(value) ? value : value.toExponential();
  throw new AssertionError(
    `Expected actual: "${show(actual)}" to be close to "${show(expected)}": ` +
      `delta "${show(delta)}" is greater than "${show(allowed)}"${suffix(msg)}`,
  );
}

/** Throws if `actual` is not greater than `expected`. */
export function assertGreater<T>(actual: T, expected: T, msg?: string): void {
  expectOrder(actual > expected, actual, ">", expected, msg);
}

/** Throws if `actual` is not greater than or equal to `expected`. */
export function assertGreaterOrEqual<T>(actual: T, expected: T, msg?: string): void {
  expectOrder(actual >= expected, actual, ">=", expected, msg);
}

/** Throws if `actual` is not less than `expected`. */
export function assertLess<T>(actual: T, expected: T, msg?: string): void {
  expectOrder(actual < expected, actual, "<", expected, msg);
}

/** Throws if `actual` is not less than or equal to `expected`. */
export function assertLessOrEqual<T>(actual: T, expected: T, msg?: string): void {
  expectOrder(actual <= expected, actual, "<=", expected, msg);
}

function expectOrder(holds: boolean, actual: unknown, sign: string, expected: unknown, msg: string | undefined): void {
  if (!holds) throw new AssertionError(msg ?? `Expect ${format(actual)} ${sign} ${format(expected)}`);
}

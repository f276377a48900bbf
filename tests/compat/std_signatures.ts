/**
 * Signatures of the packages for which `compat/` stands in, as their sources declare them: `assert/` of @std/assert
 * 1.0.19 and `cli/parse_args.ts` of @std/cli 1.0.28 (github.com/denoland/std). Types of the adapters must be
 * assignable both ways, so that nothing needs to change where the real packages are used.
 *
 * @module
 */

// deno-lint-ignore no-explicit-any -- as the package declares it
type Anything = any;

declare class AssertionError extends Error {
  constructor(message: string, options?: ErrorOptions);
}

/** What the project uses of `@std/assert`. */
export interface StdAssert {
  readonly AssertionError: typeof AssertionError;
  readonly assert: (expr: unknown, msg?: string) => asserts expr;
  readonly assertFalse: (expr: unknown, msg?: string) => asserts expr is false | 0 | 0n | "" | null | undefined;
  readonly equal: (a: unknown, b: unknown) => boolean;
  readonly assertEquals: <T>(actual: T, expected: T, msg?: string) => void;
  readonly assertNotEquals: <T>(actual: T, expected: T, msg?: string) => void;
  readonly assertStrictEquals: <T>(actual: unknown, expected: T, msg?: string) => asserts actual is T;
  readonly assertAlmostEquals: (actual: number, expected: number, tolerance?: number, msg?: string) => void;
  readonly assertGreater: <T>(actual: T, expected: T, msg?: string) => void;
  readonly assertGreaterOrEqual: <T>(actual: T, expected: T, msg?: string) => void;
  readonly assertLess: <T>(actual: T, expected: T, msg?: string) => void;
  readonly assertLessOrEqual: <T>(actual: T, expected: T, msg?: string) => void;
  readonly assertArrayIncludes: <T>(
    actual: ArrayLike<T> & object,
    expected: ArrayLike<T> & object,
    msg?: string,
  ) => void;
  readonly assertStringIncludes: (actual: string, expected: string, msg?: string) => void;
  readonly assertMatch: (actual: string, expected: RegExp, msg?: string) => void;
  readonly assertNotMatch: (actual: string, expected: RegExp, msg?: string) => void;
  readonly assertExists: <T>(actual: T, msg?: string) => asserts actual is NonNullable<T>;
  readonly assertInstanceOf: <T extends new (...args: Anything[]) => Anything>(
    actual: unknown,
    expectedType: T,
    msg?: string,
  ) => asserts actual is T extends new (...args: Anything) => infer C ? C : never;
  readonly assertThrows: {
    (fn: () => unknown, msg?: string): unknown;
    <E extends Error = Error>(
      fn: () => unknown,
      ErrorClass: abstract new (...args: Anything[]) => E,
      msgIncludes?: string,
      msg?: string,
    ): E;
  };
  readonly assertRejects: {
    (fn: () => PromiseLike<unknown>, msg?: string): Promise<unknown>;
    <E extends Error = Error>(
      fn: () => PromiseLike<unknown>,
      ErrorClass: abstract new (...args: Anything[]) => E,
      msgIncludes?: string,
      msg?: string,
    ): Promise<E>;
  };
  readonly fail: (msg?: string) => never;
  readonly unreachable: (msg?: string) => never;
}

/** Types that `parseArgs` of `@std/cli` gives to the results of calls in the project's manner. */
export interface StdParsed {
  /** `parseArgs(args, { boolean: ["b"], string: ["s"] })` */
  readonly flags: { [name: string]: unknown; b: boolean; s?: string | undefined; _: Array<string | number> };
  /** `parseArgs(args, { boolean: ["b"], string: ["s"], collect: ["b", "s"] })` */
  readonly collected: { [name: string]: unknown; b: boolean[]; s: string[]; _: Array<string | number> };
  /** `parseArgs(args, { string: ["s"], default: { s: 1 } })` */
  readonly defaults: { [name: string]: unknown; s: string | number; _: Array<string | number> };
}

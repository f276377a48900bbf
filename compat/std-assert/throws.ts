import { stripVTControlCharacters } from "node:util";
import { AssertionError, suffix } from "./assertion_error.ts";

// deno-lint-ignore no-explicit-any -- the signature of the package that this stands in for
type ErrorClass<E extends Error> = abstract new (...args: any[]) => E;

/** Throws if `fn` does not throw. Returns what it threw. */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/** Throws if `fn` does not throw an error of the class, with a message that includes the text. Returns the error. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: ErrorClass<E>,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows(
  fn: () => unknown,
  classOrMsg?: ErrorClass<Error> | string,
  msgIncludes?: string,
  msg?: string,
): unknown {
  const expected = expectation(classOrMsg, msgIncludes, msg);
  try {
    fn();
  } catch (error) {
    return expectError(error, expected, "thrown");
  }
  throw new AssertionError(`Expected function to throw${suffix(expected.msg)}`);
}

/** Rejects if the promise of `fn` does not reject. Resolves to what it rejected with. */
export function assertRejects(fn: () => PromiseLike<unknown>, msg?: string): Promise<unknown>;
/** Rejects if the promise of `fn` does not reject with an error of the class and text. Resolves to the error. */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: ErrorClass<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects(
  fn: () => PromiseLike<unknown>,
  classOrMsg?: ErrorClass<Error> | string,
  msgIncludes?: string,
  msg?: string,
): Promise<unknown> {
  const expected = expectation(classOrMsg, msgIncludes, msg);
  let promise: PromiseLike<unknown> | undefined;
  try {
    promise = fn();
  } catch {
    // told below, with the case that no promise came
  }
  if (typeof promise?.then !== "function") {
    throw new AssertionError(`Function throws when expected to reject${suffix(expected.msg)}`);
  }
  try {
    await promise;
  } catch (error) {
    return expectError(error, expected, "rejected");
  }
  throw new AssertionError(`Expected function to reject${suffix(expected.msg)}`);
}

interface Expectation {
  readonly errorClass: ErrorClass<Error> | undefined;
  readonly includes: string | undefined;
  readonly msg: string | undefined;
}

function expectation(
  classOrMsg: ErrorClass<Error> | string | undefined,
  includes: string | undefined,
  msg: string | undefined,
): Expectation {
  if (typeof classOrMsg === "string") return { errorClass: undefined, includes: undefined, msg: classOrMsg };
  // What is no class of errors has its message in the place of the text.
  const isClass = classOrMsg === undefined || classOrMsg?.prototype === Error.prototype ||
    classOrMsg?.prototype instanceof Error;
  return isClass
    ? { errorClass: classOrMsg, includes, msg }
    : { errorClass: undefined, includes: undefined, msg: includes };
}

function expectError(error: unknown, { errorClass, includes, msg }: Expectation, verb: "thrown" | "rejected"): unknown {
  if (errorClass === undefined) return error;
  if (!(error instanceof Error)) throw new AssertionError(`A non-Error object was ${verb}${suffix(msg)}`);
  if (!(error instanceof errorClass)) {
    const found = (error as Error).constructor?.name;
    throw new AssertionError(
      `Expected error to be instance of "${errorClass.name}", but was "${found}"${suffix(msg)}`,
    );
  }
  if (includes && !stripVTControlCharacters(error.message).includes(stripVTControlCharacters(includes))) {
    throw new AssertionError(
      `Expected error message to include ${JSON.stringify(includes)}, but got ${JSON.stringify(error.message)}${
        suffix(msg)
      }`,
    );
  }
  return error;
}

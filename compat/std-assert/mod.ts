/**
 * `jsr:@std/assert@1` for networks that do not reach JSR: of the functions that stand here, what they do is what the
 * package's own tests ask for. Left out are the functions that torchgauge does not call (`assertNotStrictEquals`,
 * `assertNotInstanceOf`, `assertObjectMatch`, `assertIsError`, `unimplemented`), the entry points of single functions such
 * as `@std/assert/equals`, and in messages the colours, which words of a line changed, and the order of lines where a
 * value changes at several places at once. `links` in deno.json puts it in the place of the real package.
 *
 * @module
 */
export { AssertionError } from "./assertion_error.ts";
export * from "./compare.ts";
export { equal } from "./equal.ts";
export * from "./equals.ts";
export * from "./includes.ts";
export * from "./throws.ts";
export * from "./truth.ts";

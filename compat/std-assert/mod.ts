/**
 * What torchgauge calls of `jsr:@std/assert@1`, over `node:assert`, for networks that do not reach JSR: the same names,
 * signatures and messages, nothing more. `links` in deno.json puts it in the place of the real package.
 *
 * @module
 */
export { AssertionError } from "./assertion_error.ts";
export * from "./compare.ts";
export * from "./equals.ts";
export * from "./includes.ts";
export * from "./throws.ts";
export * from "./truth.ts";

/**
 * A name in the form of tables: small letters, words joined by `_`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { snakeCase } from "./snake_case.ts";
 *
 * assertEquals(snakeCase("allocatedBytes"), "allocated_bytes");
 * assertEquals(snakeCase("operating-points"), "operating_points");
 * ```
 *
 * @param name In camel case or with hyphens.
 */
export function snakeCase(name: string): string {
  return name.replaceAll("-", "_").replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/**
 * What the operating system says of a failure, without its number.
 *
 * @param error What was thrown.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(systemWords(new Error("Permission denied (os error 13): open 'a'")), "Permission denied");
 * ```
 */
export function systemWords(error: Error): string {
  return error.message.replace(/\s*\(os error \d+\).*$/s, "");
}

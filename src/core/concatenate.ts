/**
 * Byte arrays, one after the other.
 *
 * @param parts The arrays.
 * @returns A new array.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { concatenate } from "./concatenate.ts";
 *
 * assertEquals(concatenate([Uint8Array.of(1), Uint8Array.of(2, 3)]), Uint8Array.of(1, 2, 3));
 * ```
 */
export function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

import { concatenate } from "./concatenate.ts";
import type { WireBody } from "./transport.ts";

/**
 * How long a body is.
 *
 * @param body The body, or `null` for none.
 * @returns Its length, bytes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { bodyLength } from "./wire_body.ts";
 * assertEquals(bodyLength([Uint8Array.of(1), Uint8Array.of(2, 3)]), 3);
 * assertEquals(bodyLength(null), 0);
 * ```
 */
export function bodyLength(body: WireBody | null): number {
  if (body === null) return 0;
  if (body instanceof Uint8Array) return body.length;
  let bytes = 0;
  for (const part of body) bytes += part.length;
  return bytes;
}

/**
 * A body in one piece: itself, or a copy where it has several parts.
 *
 * @param body The body, or `null` for none.
 * @returns Its bytes; empty for none.
 *
 * @example
 * ```ts
 * import { assertEquals, assertStrictEquals } from "@std/assert";
 * import { wholeBody } from "./wire_body.ts";
 * assertEquals(wholeBody([Uint8Array.of(1), Uint8Array.of(2, 3)]), Uint8Array.of(1, 2, 3));
 * const one = Uint8Array.of(1);
 * assertStrictEquals(wholeBody(one), one);
 * ```
 */
export function wholeBody(body: WireBody | null): Uint8Array<ArrayBuffer> {
  return body instanceof Uint8Array ? body : concatenate(body ?? []);
}

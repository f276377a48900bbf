const MASK = "***";

/**
 * The parts of header values that must not be shown: the values and, for `Bearer abc`, what follows the scheme.
 * Parts under 6 characters are left out, since replacing them everywhere would garble messages and hide nothing.
 *
 * @param headers Names and values in turn.
 */
export function secretsOf(headers: readonly string[]): string[] {
  const values = headers.filter((_, i) => i % 2 === 1);
  const parts = values.flatMap((value) => [value, ...value.split(/[\s,;=]+/)]);
  return [...new Set(parts)].filter((part) => part.length >= 6).sort((a, b) => b.length - a.length);
}

/**
 * A text with every secret in it masked.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { masked } from "./secrets.ts";
 * assertEquals(masked("bad token abc123", ["abc123"]), "bad token ***");
 * ```
 *
 * @param text Any text.
 * @param secrets What to mask.
 */
export function masked(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, MASK), text);
}

/**
 * A text as part of a path or a query, whatever it holds: half a character, as servers may name models by, becomes U+FFFD.
 *
 * @param text Any text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([percentEncoded("a/b"), percentEncoded("\ud800")], ["a%2Fb", "%EF%BF%BD"]);
 * ```
 */
export function percentEncoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/**
 * What a part of a URL says. Where it is no encoding, as with a lone `%`, it stands for itself.
 *
 * @param text Part of a URL.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([percentDecoded("a%2Fb"), percentDecoded("100%")], ["a/b", "100%"]);
 * ```
 */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

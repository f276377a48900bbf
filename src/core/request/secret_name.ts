const SECRET =
  /(?:^|[-_])(?:auth|token|key)$|authori[sz]ation|authenti|secret|passw|credential|cookie|session|signature|(?:api|access|auth|private|subscription)[-_]?(?:key|token)$/i;

/**
 * Whether the name of a header, of a request's parameter, or of a value in a URL's query, says that its value is secret.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { isSecretName } from "./secret_name.ts";
 * assertEquals(["X-Api-Key", "token", "max_tokens", "accept"].map(isSecretName), [true, true, false, false]);
 * ```
 *
 * @param name The name.
 */
export function isSecretName(name: string): boolean {
  return SECRET.test(name);
}

/**
 * A path or a URL as it may be shown: without the values in its query that are secret by their names.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { shownPath } from "./secret_name.ts";
 * assertEquals(shownPath("/health?token=abc&full=1"), "/health?token=***&full=1");
 * ```
 *
 * @param path The path with its query.
 */
export function shownPath(path: string): string {
  return path.replaceAll(
    /([?&])([^=&?]+)=([^&]*)/g,
    (pair, before, name) => isSecretName(name) ? `${before}${name}=***` : pair,
  );
}

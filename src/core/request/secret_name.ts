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

const ROUTING = /(?:^|[-_])v?(?:model|route)(?:[-_](?:name|id))?$/i;

/**
 * Whether the name of a header, or of a value in a URL's query, says that its value is the name of a model or of a route, by
 * which gateways choose a server. Such a name is no secret, and stands in the server's answers.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { isRoutingName } from "./secret_name.ts";
 * assertEquals(["x-ai-eg-model", "mm-vmodel-id", "x-model-key"].map(isRoutingName), [true, true, false]);
 * ```
 *
 * @param name The name.
 */
export function isRoutingName(name: string): boolean {
  return ROUTING.test(name) && !isSecretName(name);
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

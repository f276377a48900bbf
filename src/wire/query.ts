import { UsageError } from "../core/errors.ts";

/** Names and values that stand in a URL's query, in pairs; a name may be there several times. */
export type Query = readonly (readonly [name: string, value: string])[];

/**
 * A query as it is sent. Messages never hold a value, since values are often secrets.
 *
 * @param query Names and values as they are meant, not encoded.
 * @returns Text without the question mark, `""` for none.
 * @throws {UsageError} If a name is empty, or a text is none.
 */
export function encodedQuery(query: Query): string {
  return query.map(([name, value]) => {
    if (name === "") throw new UsageError("Cannot send a query as each of its values must have a name: one has none");
    if (!name.isWellFormed() || !value.isWellFormed()) {
      throw new UsageError("Cannot send a query as it must be text: it has half a character");
    }
    return `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
  }).join("&");
}

/**
 * A path with a query behind it, or behind the one that it has.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { withQuery } from "./query.ts";
 * assertEquals(withQuery("/v2", "key=a"), "/v2?key=a");
 * assertEquals(withQuery("/models?all=1", "key=a"), "/models?all=1&key=a");
 * assertEquals(withQuery("/v2", ""), "/v2");
 * ```
 *
 * @param path The path.
 * @param query As {@linkcode encodedQuery} gives it.
 */
export function withQuery(path: string, query: string): string {
  if (query === "") return path;
  return path + (path.includes("?") ? /[?&]$/.test(path) ? "" : "&" : "?") + query;
}

/**
 * A query's values as a server may repeat them: as they are, as they are sent, and with a plus for a blank.
 *
 * @param query Names and values.
 * @returns Names and values in turn, as headers are.
 */
export function repeatedQuery(query: Query): string[] {
  return query.flatMap(([name, value]) => {
    const sent = encodeURIComponent(value);
    return [value, sent, sent.replaceAll("%20", "+")].flatMap((text) => [name, text]);
  });
}

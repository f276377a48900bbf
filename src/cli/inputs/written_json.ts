/** A text, or what lists and objects are made of. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{},]/g;
const TEXT_OR_SPACE = /"[^"\\]*(?:\\.[^"\\]*)*"|\s+/g;
/** A number that is written as no integer and may be one: 1.0, 1e3. */
const WHOLE_FLOAT = /\d(?:\.0+(?!\d)|[eE][+-]?\d)/;

/**
 * How the values of a list, or the one value that is none, are written.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { writtenValues } from "./written_json.ts";
 * assertEquals(writtenValues('[[1.0, 2], "a,"]'), ["[1.0,2]", undefined]);
 * ```
 *
 * @param text JSON, as it was read without an error.
 * @returns For each of them the JSON without spaces; `undefined` where its value alone says as much.
 */
export function writtenValues(text: string): readonly (string | undefined)[] {
  if (!WHOLE_FLOAT.test(text)) return [];
  if (!text.trimStart().startsWith("[")) return [writtenJson(text)];
  const values: (string | undefined)[] = [];
  let depth = 0, from = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token === "[" || token === "{") {
      if (++depth === 1) from = index + 1;
      continue;
    }
    const isEnd = (token === "]" || token === "}") && --depth === 0;
    if (!isEnd && (token !== "," || depth !== 1)) continue;
    values.push(writtenJson(text.slice(from, index)));
    from = index + 1;
  }
  return values;
}

/**
 * How a value is written.
 *
 * @param text JSON, as it was read without an error.
 * @returns The JSON without spaces; `undefined` where its value alone says as much.
 */
export function writtenJson(text: string): string | undefined {
  if (!WHOLE_FLOAT.test(text)) return undefined;
  return text.replaceAll(TEXT_OR_SPACE, (part) => part.startsWith('"') ? part : "");
}

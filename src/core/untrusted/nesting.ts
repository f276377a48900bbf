/** Levels of lists and objects up to which JSON is read: what reads it may then call itself once for each. */
export const DEEPEST_JSON = 100;

/**
 * Whether lists and objects stand in each other more than so often. It does not call itself, so that no document ends it.
 *
 * @param value JSON.
 * @param levels How often they may.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([isNestedDeeper([[1], {}], 2), isNestedDeeper([[{}]], 2)], [false, true]);
 * ```
 */
export function isNestedDeeper(value: unknown, levels: number = DEEPEST_JSON): boolean {
  let inside = holders([value]);
  for (let level = 0; inside.length > 0; level++) {
    if (level === levels) return true;
    inside = inside.flatMap((holder) => holders(Object.values(holder)));
  }
  return false;
}

function holders(values: readonly unknown[]): readonly object[] {
  return values.filter((value): value is object => typeof value === "object" && value !== null);
}

/** Lists and objects up to which JSON is read: each takes some 100 bytes of memory, so that 20 million stop a thread for minutes. */
export const MOST_IN_JSON = 2 ** 20;

const QUOTE = 0x22, BACKSLASH = 0x5c, LIST = 0x5b, OBJECT = 0x7b;

/**
 * Whether JSON holds more lists and objects than a number. It is told from the bytes, before anything reads them.
 *
 * @param json JSON in UTF-8.
 * @param most How many it may hold.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const json = new TextEncoder().encode('[{}, "[\\"[", []]');
 * assertEquals([holdsMoreThan(json, 3), holdsMoreThan(json, 2)], [false, true]);
 * ```
 */
export function holdsMoreThan(json: Uint8Array, most: number = MOST_IN_JSON): boolean {
  if (json.length <= most) return false;
  let isText = false, count = 0;
  for (let i = 0; i < json.length; i++) {
    const byte = json[i];
    if (isText && byte === BACKSLASH) i++;
    else if (byte === QUOTE) isText = !isText;
    else if (!isText && (byte === LIST || byte === OBJECT) && ++count > most) return true;
  }
  return false;
}

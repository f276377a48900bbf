import type { Default, SettingKey, Settings, TestName } from "./setting.ts";
import { SETTINGS } from "./settings.ts";

/** Key of a setting that has values as its default. */
export type DefaultedKey = {
  [Key in SettingKey]: typeof SETTINGS[Key] extends { readonly default: { readonly usual: unknown } } ? Key : never;
}[SettingKey];

/**
 * What holds where a setting is not given.
 *
 * @param key Which setting.
 * @param options Options of the test; of them only `quick` counts.
 * @param test The test, where it has a default of its own.
 * @returns The value, in the unit of the key.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(defaultOf("coldStarts"), 5);
 * assertEquals(defaultOf("coldStarts", { quick: true }), 3);
 * assertEquals(defaultOf("concurrency", {}, "memory"), 4);
 * ```
 */
export function defaultOf<Key extends DefaultedKey>(
  key: Key,
  { quick = false }: { readonly quick?: boolean } = {},
  test?: TestName,
): Required<Settings>[Key] {
  const general = SETTINGS[key].default as Default<Required<Settings>[Key]>;
  const own = test === undefined ? general : general.of?.[test] ?? general;
  return quick ? own.quick ?? own.usual : own.usual;
}

import type { Absent } from "../../absent.ts";

/** An object of JSON. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * The object or list in a program's output, which may write warnings before it; pure.
 *
 * @param text The output.
 * @param program Which program, for the reason.
 * @returns The value as `json`, or why there is none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { jsonIn } from "./json_output.ts";
 * assertEquals(jsonIn('WARNING: [low] power\n{"a": 1}', "rocm-smi"), { json: { a: 1 } });
 * assertEquals(jsonIn("no GPU", "rocm-smi"), { absent: "rocm-smi: no GPU" });
 * ```
 */
export function jsonIn(text: string, program: string): { readonly json: unknown } | Absent {
  const at = text.search(/^\s*[[{]/m);
  try {
    return { json: JSON.parse(at === -1 ? "" : text.slice(at)) };
  } catch {
    return { absent: `${program}: ${text.trim().split("\n")[0] || "no output"}` };
  }
}

/** The fields of an object; of anything else none. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value as Fields : {};
}

/** A text that says something. */
export function textOrNull(value: unknown): string | null {
  return typeof value === "string" && !/^(?:N\/A|\s*)$/.test(value) ? value.trim() : null;
}

import { UsageError } from "../../core/errors.ts";
import type { JsonValue } from "../../core/model_input.ts";

/** Of JavaScript since 2025; the types do not know it yet. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

/**
 * A value as JSON, with all digits of its integers.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(jsonText({ id: 9007199254740993n, x: 0.5 }), '{"id":9007199254740993,"x":0.5}');
 * ```
 *
 * @param value The value.
 * @throws {UsageError} If it holds a number that JSON cannot: `JSON.stringify` would write null.
 */
export function jsonText(value: JsonValue): string {
  if (!holdsBigInt(value)) return JSON.stringify(value);
  return JSON.stringify(value, (_, part) => typeof part === "bigint" ? rawJSON(String(part)) : part);
}

function holdsBigInt(value: JsonValue): boolean {
  if (typeof value === "bigint") return true;
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new UsageError(`Cannot encode an item as JSON must hold its numbers: found ${value}`);
  }
  if (typeof value !== "object" || value === null) return false;
  let found = false;
  for (const part of Array.isArray(value) ? value : Object.values(value)) found = holdsBigInt(part) || found;
  return found;
}

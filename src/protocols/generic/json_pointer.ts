import { isRecord } from "../shared/server_answer.ts";

/** Why a text is no JSON pointer, or `null` if it is one. */
export function pointerFlaw(pointer: string): string | null {
  if (pointer !== "" && !pointer.startsWith("/")) return 'it must be empty or begin with "/"';
  return /~(?![01])/.test(pointer) ? 'a "~" must be written "~0", and a "/" in a name "~1"' : null;
}

/**
 * What a JSON pointer (RFC 6901) points at.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { atPointer } from "./json_pointer.ts";
 * const answer = { outputs: [{ "a/b": 7 }] };
 * assertEquals(atPointer(answer, "/outputs/0/a~1b"), 7);
 * assertEquals(atPointer(answer, "/outputs/1"), undefined);
 * ```
 *
 * @param document Any JSON value.
 * @param pointer The pointer.
 * @returns `undefined` if there is nothing.
 */
export function atPointer(document: unknown, pointer: string): unknown {
  let value = document;
  for (const part of pointer.split("/").slice(1)) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(value)) value = /^(0|[1-9]\d*)$/.test(name) ? value[Number(name)] : undefined;
    else value = isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return value;
}

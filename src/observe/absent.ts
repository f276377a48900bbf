/** Something that cannot be observed here, with the reason for people. */
export interface Absent {
  /** Why, one clause without a full stop: `nvidia-smi was not found on PATH`. */
  readonly absent: string;
  /** True if the program that would tell is not installed: it is not in trouble, there is nothing to ask. */
  readonly notInstalled?: true;
}

/**
 * Tells a reason from a value.
 *
 * @param value What an observation gave.
 * @returns True if it is a reason.
 *
 * @example
 * ```ts
 * import { assert, assertFalse } from "@std/assert";
 * import { isAbsent } from "./absent.ts";
 * assert(isAbsent({ absent: "nvidia-smi was not found on PATH" }));
 * assertFalse(isAbsent([1, 2]));
 * ```
 */
export function isAbsent(value: unknown): value is Absent {
  return typeof value === "object" && value !== null && "absent" in value;
}

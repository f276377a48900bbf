/** A bar that the project has set for itself, and where it stands. */
export interface Bar {
  /** What is held against it. */
  readonly name: string;
  /** What was found; `null` where it was not measured. */
  readonly value: number | null;
  /** What it must not pass. */
  readonly limit: number;
  /** On which side it must stay. */
  readonly side: "at most" | "at least";
}

/** Whether a bar is held. */
export type BarVerdict = "PASS" | "FAIL" | "not measured";

/**
 * Whether a bar is held.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { atLeast, atMost, verdictOf } from "./bar.ts";
 * assertEquals(verdictOf(atMost("CPU", 1.2, 1.3)), "PASS");
 * assertEquals(verdictOf(atLeast("rate", 0.8, 0.95)), "FAIL");
 * assertEquals(verdictOf(atLeast("rate", null, 0.95)), "not measured");
 * ```
 */
export function verdictOf({ value, limit, side }: Bar): BarVerdict {
  if (value === null || Number.isNaN(value)) return "not measured";
  return (side === "at most" ? value <= limit : value >= limit) ? "PASS" : "FAIL";
}

/** A bar that a value must not be above. */
export function atMost(name: string, value: number | null, limit: number): Bar {
  return { name, value, limit, side: "at most" };
}

/** A bar that a value must not be below. */
export function atLeast(name: string, value: number | null, limit: number): Bar {
  return { name, value, limit, side: "at least" };
}

import { askedRate } from "./asked_rate.ts";
import { isUsable } from "./usable.ts";
import type { OpenWindow } from "./window.ts";

/** Between which offered rates a server ceases to keep up. */
export interface RateLimits {
  /** The highest rate that was sustained; `null` if none was. */
  readonly sustained: OpenWindow | null;
  /** The lowest rate that the server did not keep up with; `null` if there was none. */
  readonly saturated: OpenWindow | null;
}

/**
 * Which of several offered rates was sustained: the server kept up with it and with every lower one, and fewer than 1 %
 * failed. This is the one place that says so; who wants the rate reads it by `askedRate`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { rateLimits } from "./rate_limits.ts";
 *
 * assertEquals(rateLimits([]), { sustained: null, saturated: null });
 * ```
 *
 * @param levels Windows of open loops, in any order.
 */
export function rateLimits(levels: readonly OpenWindow[]): RateLimits {
  const ascending = levels.toSorted((a, b) => askedRate(a) - askedRate(b));
  const saturated = ascending.find((level) => level.saturated) ?? null;
  const below = saturated === null ? ascending : ascending.filter((level) => askedRate(level) < askedRate(saturated));
  return { sustained: below.findLast(isUsable) ?? null, saturated };
}

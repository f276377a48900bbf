import { askedRate } from "./asked_rate.ts";
import { isUsable } from "./usable.ts";
import type { OpenWindow } from "./window.ts";

/** Between which offered rates a server ceases to keep up. */
export interface RateLimits {
  /** The highest rate that was sustained; `null` if none was. */
  readonly sustained: OpenWindow | null;
  /** The lowest rate that the server did not keep up with; `null` if there was none. */
  readonly saturated: OpenWindow | null;
  /** Rates above the sustained one of which it cannot be told whether the server kept up, ascending. */
  readonly unclear: readonly OpenWindow[];
}

/**
 * Which of several offered rates was sustained: the server surely kept up with it, no lower one saturated it, and fewer than
 * 1 % failed. This is the one place that says so; who wants the rate reads it by `askedRate`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { rateLimits } from "./rate_limits.ts";
 *
 * assertEquals(rateLimits([]), { sustained: null, saturated: null, unclear: [] });
 * ```
 *
 * @param levels Windows of open loops, in any order.
 */
export function rateLimits(levels: readonly OpenWindow[]): RateLimits {
  const ascending = levels.toSorted((a, b) => askedRate(a) - askedRate(b));
  const saturated = ascending.find((level) => level.saturated === true) ?? null;
  const below = saturated === null ? ascending : ascending.filter((level) => askedRate(level) < askedRate(saturated));
  const sustained = below.findLast(isUsable) ?? null;
  // A server that keeps up with a rate keeps up with lower ones.
  const least = sustained === null ? -Infinity : askedRate(sustained);
  const unclear = ascending.filter((level) => level.saturated === null && askedRate(level) > least);
  return { sustained, saturated, unclear };
}

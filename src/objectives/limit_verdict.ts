import type { Estimate } from "../core/estimate.ts";
import type { LimitVerdict, Objective } from "../results/objective.ts";

/** On which side of a limit a figure must be; the limit in the unit of the figure. */
export type Limit = Pick<Objective, "operator" | "limit">;

/**
 * Whether a figure keeps a limit: met if its whole interval does, missed if none of it does, and where the interval
 * straddles the limit it cannot be told. An end that is `null` may be anywhere.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { limitVerdict } from "./limit_verdict.ts";
 *
 * const p99 = { value: 95, low: 90, high: 104, level: 0.95, n: 800 };
 * assertEquals(limitVerdict(p99, { operator: "<", limit: 110 }), "met");
 * assertEquals(limitVerdict(p99, { operator: "<", limit: 100 }), "cannot tell");
 * assertEquals(limitVerdict(p99, { operator: "<", limit: 90 }), "missed");
 * ```
 *
 * @param estimate The figure.
 * @param limit What it must keep.
 * @returns What the interval tells.
 */
export function limitVerdict(estimate: Estimate, { operator, limit }: Limit): LimitVerdict {
  const low = estimate.low ?? -Infinity, high = estimate.high ?? Infinity;
  const wantsLess = operator.startsWith("<");
  const best = wantsLess ? low : high, worst = wantsLess ? high : low;
  if (keeps(worst, operator, limit)) return "met";
  return keeps(best, operator, limit) ? "cannot tell" : "missed";
}

function keeps(value: number, operator: Limit["operator"], limit: number): boolean {
  switch (operator) {
    case "<":
      return value < limit;
    case "<=":
      return value <= limit;
    case ">":
      return value > limit;
    case ">=":
      return value >= limit;
  }
}

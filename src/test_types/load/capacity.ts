import type { CapacityProbe, CapacitySearch } from "../../results/kinds/load.ts";

/** Ratio of the two bounds at which a search has closed in. */
const CLOSE_ENOUGH = 1.05;
/** Most trials of one search. */
const MOST_PROBES = 16;

/** How a capacity is searched. */
export interface CapacityPlan {
  /** First level to try, above 0. */
  readonly start: number;
  /** Highest level that can be offered: the ceiling of the client. */
  readonly highest: number;
  /** A trial that was made before. Where it is unclear and not at `start`, it says nothing, and the search begins there. */
  readonly tried?: CapacityProbe;
  /** Lowest level that makes sense; a start that misses is halved down to it. */
  readonly lowest: number;
  /** True where levels are whole numbers. */
  readonly whole: boolean;
  /** Tries a level; a second run within it where the first was unclear. */
  readonly probe: (level: number) => Promise<CapacityProbe>;
  /** Whether nothing can be learnt below an unclear level either. @default {() => false} */
  readonly isFutile?: (probe: CapacityProbe) => boolean;
  /** Whether to stop early: a trial that ran meanwhile may have been cut short. */
  readonly stopped: () => boolean;
  /** Whether there is time for another trial. @default {() => true} */
  readonly hasTime?: () => boolean;
}

/**
 * The highest level that holds: doubling until one misses, then bisection (on the logarithm, since rates are ratios)
 * until the bounds are within 5 %, or next to each other. What stays unclear counts as missed: a promise needs proof.
 *
 * @param plan Where to search, and how to try a level.
 * @returns The bounds and every trial.
 */
export async function searchCapacity(plan: CapacityPlan): Promise<CapacitySearch> {
  const { hasTime = () => true, tried } = plan;
  let probes: CapacityProbe[] = [];
  let met: number | null = null, missed: number | null = null;
  const take = (probe: CapacityProbe) => {
    probes = [...probes.filter(({ level }) => level !== probe.level), probe];
    if (probe.verdict === "met") met = Math.max(met ?? 0, probe.level);
    else missed = Math.min(missed ?? Infinity, probe.level);
    return met === null && plan.isFutile?.(probe) ? null : nextLevel(met, missed, plan);
  };
  const start = rounded(Math.min(plan.start, plan.highest), plan);
  let level: number | null = start;
  if (tried !== undefined) {
    if (tried.verdict === "unclear" && tried.level !== start) probes = [tried];
    else level = take(tried);
  }
  while (level !== null && probes.length < MOST_PROBES && !plan.stopped() && hasTime()) {
    const probe = await plan.probe(level);
    if (plan.stopped() && probe.verdict !== "met") break;
    level = take(probe);
  }
  const ended = level !== null
    ? "stopped early"
    : met === null
    ? "never met"
    : missed === null
    ? "always met"
    : "found";
  return { highest: met, lowestMissed: missed, ended, probes };
}

/** The next level to try, or `null` where the bounds have closed in or the range is used up. */
function nextLevel(met: number | null, missed: number | null, plan: CapacityPlan): number | null {
  const next = rounded(
    missed === null
      ? Math.min(2 * met!, plan.highest)
      : met === null
      ? Math.max(missed / 2, plan.lowest)
      : Math.sqrt(met * missed),
    plan,
  );
  const isBetween = next > (met ?? 0) && next < (missed ?? Infinity);
  const isClose = missed !== null && met !== null && missed / met <= CLOSE_ENOUGH;
  return isBetween && !isClose ? next : null;
}

/** Rates to three digits, so that they can be said and given again; never above the highest, which could not be offered. */
function rounded(level: number, { whole, highest }: CapacityPlan): number {
  if (whole) return Math.round(level);
  const near = Number(level.toPrecision(3));
  if (near <= highest) return near;
  const lastDigit = 10 ** (Math.floor(Math.log10(level)) - 2);
  return Number((near - lastDigit).toPrecision(3));
}

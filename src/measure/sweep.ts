import type { LevelOptions } from "./settings/options.ts";
import type { ProgressFigure } from "../results/progress.ts";
import { seededRandom, shuffled } from "../core/random.ts";
import { defaultBudget, type LevelLoad, summariseLevel, type Visit, type VisitBudget, visitLevel } from "./level.ts";
import type { Session } from "./session.ts";

/** Names a sweep's level for people: `batch 8`. */
export interface SweepPlan {
  /** Levels to visit; order and repetitions do not matter. */
  readonly levels: readonly number[];
  /** What a level offers the server. */
  readonly loadOf: (level: number) => LevelLoad;
  /** What a level is called: `batch`. */
  readonly label: string;
  /** What counts as one, for the figure that is shown as soon as a level was visited. */
  readonly unit: "predictions/s" | "requests/s";
  /** Makes the server ready for a level, before each visit; false where it cannot be had. */
  readonly prepare?: (level: number) => Promise<boolean>;
}

/**
 * Visits every level in two passes, so that drift does not look like scaling (METHODS 8): in a seeded random order and then
 * back, which gives every level the same place in time on average, so that a steady drift cancels. The second pass
 * gives each level what its precision still needs.
 *
 * @returns Visits by level, ascending by level; a level that was not reached is missing.
 */
export async function sweep(session: Session, plan: SweepPlan): Promise<Map<number, Visit[]>> {
  const levels = [...new Set(plan.levels)].sort((a, b) => a - b);
  const visits = new Map<number, Visit[]>();
  const there = shuffled(levels, seededRandom(session.seed));
  const passes = [there, there.toReversed()].flatMap((order, i) => order.map((level) => ({ pass: i + 1, level })));
  for (const [i, { pass, level }] of passes.entries()) {
    if (session.partial !== null) break;
    const budget = passBudget(session.options, pass);
    if (budget === null) continue;
    const earlier = visits.get(level) ?? [];
    const stage = `${plan.label} ${level}, pass ${pass} of 2`;
    session.progress(stage, i / passes.length);
    if (plan.prepare !== undefined && !await plan.prepare(level)) continue;
    const visit = await visitLevel(session, plan.loadOf(level), budget, earlier, (fraction) => {
      session.progress(stage, (i + fraction) / passes.length);
    });
    visits.set(level, [...earlier, visit]);
    session.progress(stage, (i + 1) / passes.length, figureOf(plan, level, [...earlier, visit]));
  }
  return new Map([...visits].sort(([a], [b]) => a - b));
}

/** What a level has reached so far, or `undefined` where nothing succeeded. */
function figureOf(
  { loadOf, label, unit }: SweepPlan,
  level: number,
  visits: readonly Visit[],
): ProgressFigure | undefined {
  const { requestsPerSecond, predictionsPerSecond } = summariseLevel(visits, loadOf(level).batchSize, {}).measurement;
  const rate = unit === "requests/s" ? requestsPerSecond : predictionsPerSecond;
  return rate === null ? undefined : { label: `${label} ${level}`, value: rate.value, unit };
}

/**
 * Half of the level's bounds for the first pass, and of its precision: half of the requests make an interval wider by
 * sqrt(2). The second is bounded so that both together keep the whole. Passes of equal weight are what makes drift cancel.
 */
function passBudget(options: LevelOptions, pass: number): VisitBudget | null {
  const whole = defaultBudget(options);
  const requests = whole.requests === undefined
    ? undefined
    : pass === 1
    ? Math.ceil(whole.requests / 2)
    : Math.floor(whole.requests / 2);
  if (requests === 0) return null;
  const first = pass === 1;
  return {
    durationMs: whole.durationMs / 2,
    minimumMs: first ? whole.minimumMs / 2 : whole.minimumMs,
    minimumRequests: first ? Math.ceil(whole.minimumRequests / 2) : whole.minimumRequests,
    ...(requests === undefined ? {} : { requests }),
    ...(first ? { slack: Math.SQRT2 } : {}),
  };
}

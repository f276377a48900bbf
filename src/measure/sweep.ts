import { seededRandom, shuffled } from "../core/random.ts";
import type { ProgressFigure } from "../results/progress.ts";
import type { Load } from "../results/window/load.ts";
import type { Session } from "./session.ts";
import type { LevelOptions } from "./settings/options.ts";
import { summariseWindow } from "./window/summarise_window.ts";
import { isKnown, visitLoad } from "./visit_load.ts";
import { closedBudget, type WindowBudget } from "./window/window_budget.ts";

/** Names a sweep's level for people: `batch 8`. */
export interface SweepPlan {
  /** Levels to visit; order and repetitions do not matter. */
  readonly levels: readonly number[];
  /** What a level offers the server. */
  readonly loadOf: (level: number) => Load;
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
 * gives each level what its precision still needs. A level that an earlier test of the run knows precisely is left out of
 * the first pass: its earlier visit stands for it.
 *
 * @returns The levels that were visited, ascending; one that was not reached is missing.
 */
export async function sweep(session: Session, plan: SweepPlan): Promise<number[]> {
  const levels = [...new Set(plan.levels)].sort((a, b) => a - b);
  const there = shuffled(levels, seededRandom(session.seed));
  const passes = [there, there.toReversed()].flatMap((order, i) => order.map((level) => ({ pass: i + 1, level })));
  for (const [i, { pass, level }] of passes.entries()) {
    if (session.partial !== null) break;
    const load = plan.loadOf(level);
    if (pass === 1 && isKnown(session, load)) continue;
    const stage = `${plan.label} ${level}, pass ${pass} of 2`;
    session.progress(stage, i / passes.length);
    if (plan.prepare !== undefined && !await plan.prepare(level)) continue;
    await visitLoad(session, load, passBudget(session.options, pass), {
      progressed: (fraction) => session.progress(stage, (i + fraction) / passes.length),
    });
    session.progress(stage, (i + 1) / passes.length, figureOf(session, plan, level));
  }
  return levels.filter((level) => session.windows.of(plan.loadOf(level)).length > 0);
}

/** What a level has reached so far, or `undefined` where nothing succeeded. */
function figureOf(session: Session, { loadOf, label, unit }: SweepPlan, level: number): ProgressFigure | undefined {
  const load = loadOf(level);
  const { requestsPerSecond, predictionsPerSecond } = summariseWindow(load, session.windows.of(load)).window;
  const rate = unit === "requests/s" ? requestsPerSecond : predictionsPerSecond;
  return rate === null ? undefined : { label: `${label} ${level}`, value: rate.value, unit };
}

/**
 * Half of the level's bounds for the first pass, and of its precision: half of the requests make an interval wider by
 * sqrt(2). The second is bounded so that both together keep the whole. Passes of equal weight are what makes drift cancel.
 */
function passBudget(options: LevelOptions, pass: number): WindowBudget {
  const whole = closedBudget(options);
  const first = pass === 1;
  return {
    durationMs: whole.durationMs / 2,
    minimumMs: first ? whole.minimumMs / 2 : whole.minimumMs,
    minimumRequests: first ? Math.ceil(whole.minimumRequests / 2) : whole.minimumRequests,
    ...(whole.requests === undefined ? {} : { requests: first ? Math.ceil(whole.requests / 2) : whole.requests }),
    ...(first ? { slack: Math.SQRT2 } : {}),
  };
}

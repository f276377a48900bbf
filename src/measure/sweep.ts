import type { Estimate } from "../core/estimate.ts";
import { seededRandom, shuffled } from "../core/random.ts";
import type { ProgressFigure } from "../results/progress.ts";
import type { LeftLevel } from "../results/window/left_level.ts";
import type { Load } from "../results/window/load.ts";
import { leftLevels, SLOWER } from "../stats/scaling/left_levels.ts";
import { type Candidate, findOptimum } from "./find_optimum.ts";
import type { Session } from "./session.ts";
import { relativeTo } from "../stats/ratios/relative_to.ts";
import { seriesRate } from "./window/precision.ts";
import { windowOf } from "./window/sample_window.ts";
import { collectSeries } from "./window/window_series.ts";
import { summariseWindow } from "./window/summarise_window.ts";
import type { Visit } from "./window/visit.ts";
import { isKnown, visitLoad } from "./visit_load.ts";
import { passBudget, type WindowBudget } from "./window/window_budget.ts";

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
  /** What bounds each of a level's two visits. @default {`passBudget` of the test's options} */
  readonly budgetOf?: (pass: 1 | 2) => WindowBudget;
  /** Makes the server ready for a level, before each visit; false where it cannot be had. */
  readonly prepare?: (level: number) => Promise<boolean>;
  /** Levels that figures besides the optimum rest on: they are visited twice whatever the first visit shows. */
  readonly kept: readonly number[];
  /** Makes the test's figures of a sweep, so that what was measured can be kept as it goes on. */
  readonly summarise: (sweep: Sweep, absences: Record<string, string>) => object;
}

/** What a sweep visited. */
export interface Sweep {
  /** The levels that were visited, ascending; one that was not reached is missing. */
  readonly levels: readonly number[];
  /** Those of them that were not visited again, since they could no longer be the optimum; ascending. */
  readonly left: readonly LeftLevel[];
  /** False while it still runs: what is made of it then must be made quickly. */
  readonly isOver: boolean;
}

/**
 * Visits the levels in two passes, so that drift does not look like scaling (method 8): in a seeded random order and then
 * back, which gives every level the same place in time on average, so that a steady drift cancels. The second pass
 * gives each level what its precision still needs, and leaves out those that can no longer be the optimum, unless they are to
 * be kept. Whether they can is asked again when the others were visited twice.
 * A level that an earlier test of the run knows precisely is left out of the first pass: its earlier visit stands for it.
 */
export async function sweep(session: Session, plan: SweepPlan): Promise<Sweep> {
  const { windows } = session;
  const levels = [...new Set(plan.levels)].sort((a, b) => a - b);
  const there = shuffled(levels, seededRandom(session.seed));
  const rates = new LevelRates(session, plan, levels);
  const isOut = (level: number) => rates.isOut(level);
  const count = 2 * levels.length;
  let done = 0;
  const visit = async (level: number, pass: 1 | 2) => {
    const load = plan.loadOf(level);
    const stage = `${plan.label} ${level}, pass ${pass} of 2`;
    session.progress(stage, done / count);
    if (plan.prepare !== undefined && !await plan.prepare(level)) return;
    await visitLoad(session, load, plan.budgetOf?.(pass) ?? passBudget(session.options, pass), {
      progressed: (fraction) => session.progress(stage, (done + fraction) / count),
    });
    session.progress(stage, ++done / count, rates.figureOf(level));
    if (session.partial === null) {
      await session.keep((absences) => plan.summarise({ levels: visited(), left: [], isOver: false }, absences));
    }
  };
  const visited = () => levels.filter((level) => windows.of(plan.loadOf(level), session.kind).length > 0);
  const pass = async (order: readonly number[], number: 1 | 2, isSkipped: (level: number) => boolean) => {
    const skipped: number[] = [];
    for (const level of order) {
      if (session.partial !== null) break;
      if (isSkipped(level)) skipped.push(level);
      else await visit(level, number);
    }
    return skipped;
  };
  /** What was measured before the server was warm does not count. */
  const dropCold = () => {
    for (const level of session.partial === null ? levels : []) {
      windows.dropCold(plan.loadOf(level), session.options.sampleLog);
    }
  };
  await pass(there, 1, (level) => isKnown(session, plan.loadOf(level)));
  dropCold();
  const left = await pass(await pass(there.toReversed(), 2, isOut), 2, isOut);
  dropCold();
  const lacks = (level: number, visits: 1 | 2) => windows.wasCold && windows.of(plan.loadOf(level)).length < visits;
  // Of one that is out nothing may be left: it is visited again, and whether it is out is asked of that.
  await pass(there, 2, (level) => !lacks(level, 1));
  const out = windows.wasCold ? left.filter(isOut) : left;
  await pass(there, 2, (level) => out.includes(level) || !lacks(level, 2));
  return {
    levels: visited(),
    left: rates.left().filter(({ level }) => out.includes(level)),
    isOver: true,
  };
}

/** What the levels of a sweep have reached so far. */
class LevelRates {
  readonly #session: Session;
  readonly #plan: SweepPlan;
  readonly #levels: readonly number[];
  readonly #known = new Map<number, { readonly visits: readonly Visit[]; readonly candidate: Candidate }>();

  constructor(session: Session, plan: SweepPlan, levels: readonly number[]) {
    this.#session = session;
    this.#plan = plan;
    this.#levels = levels;
  }

  /** What a level has reached, for people; `undefined` where nothing succeeded. */
  figureOf(level: number): ProgressFigure | undefined {
    const rate = this.#candidate(level)?.rate ?? null;
    return rate === null
      ? undefined
      : { label: `${this.#plan.label} ${level}`, value: rate.value, unit: this.#plan.unit };
  }

  /** The levels that can no longer be the optimum. */
  left(): LeftLevel[] {
    const candidates = this.#levels.flatMap((level) => this.#candidate(level) ?? []);
    return leftLevels(findOptimum(candidates, {}, "optimum").usable);
  }

  /** Whether a level need not be visited again: it can no longer be the optimum, nothing else rests on it, and nothing drifts. */
  isOut(level: number): boolean {
    return !this.#plan.kept.includes(level) && !this.#drifted() && this.left().some((left) => left.level === level);
  }

  /** Whether two visits to one level surely differ, and by so much that one visit tells of its moment, not of its level. */
  #drifted(): boolean {
    return this.#levels.some((level) => {
      const visits = this.#session.windows.of(this.#plan.loadOf(level)).filter(({ by }) => by === this.#session.kind);
      const rates = visits.map(({ run }) => seriesRate(collectSeries(windowOf(run), ["latencyMs"]), 1));
      const change = relativeTo(rates.at(-1) ?? null, rates[0] ?? null);
      if (rates.length < 2 || change === null || holds(change, 1)) return false;
      return Math.min(change.value, 1 / change.value) < SLOWER;
    });
  }

  #candidate(level: number): Candidate | null {
    const load = this.#plan.loadOf(level);
    const visits = this.#session.windows.of(load);
    if (visits.length === 0) return null;
    const known = this.#known.get(level);
    // One may have been left out, and another come.
    const isSame = known?.visits.length === visits.length && known.visits.at(-1) === visits.at(-1);
    if (isSame) return known.candidate;
    const { window } = summariseWindow(load, visits);
    const rate = this.#plan.unit === "requests/s" ? window.requestsPerSecond : window.predictionsPerSecond;
    const candidate = { level, rate, window };
    this.#known.set(level, { visits: [...visits], candidate });
    return candidate;
  }
}

/** Whether an interval holds a value; an end that is `null` rules nothing out. */
function holds({ low, high }: Estimate, value: number): boolean {
  return (low ?? -Infinity) <= value && value <= (high ?? Infinity);
}

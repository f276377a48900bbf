import type { LoadOptions } from "../../measure/settings/options.ts";
import type { LoadResult, OfferedLevel } from "../../results/result.ts";
import type { Target } from "../../core/target.ts";
import { type Arrivals, rampArrivals, traceArrivals } from "../../load/arrivals.ts";
import { parseObjectives } from "../../objectives/parse_objectives.ts";
import { LEVEL_METRICS } from "../../objectives/evaluate_objectives.ts";
import { measureCapacity } from "./measure_capacity.ts";
import { checkOptions } from "../../measure/settings/check_options.ts";
import { defaultOf } from "../../measure/settings/default_of.ts";
import { summariseLevel, visitLevel } from "../../measure/level.ts";
import { arrivalsAt } from "../../measure/arrivals_at.ts";
import { measureOffer, offerDefaults } from "../../measure/offered_level.ts";
import { runSession, type Session } from "../../measure/session.ts";

/** Concurrency at which a closed loop shows about what the server can do. */
const SCOUT_CONCURRENCY = 8;
/** Offered rates relative to that, up to saturation. */
const STEPS = [0.25, 0.5, 0.7, 0.85, 1, 1.2];
/** Factor between rates beyond the last step, and most of those. */
const BEYOND = 1.4;
const MOST_BEYOND = 6;

/**
 * How does the server do at given arrival rates? An open loop: requests are sent when they are due, whether or not
 * earlier ones were answered, and latency counts from the moment they were due, so that a stalled server shows in the
 * tail (G. Tene, coordinated omission). Rates rise until the server does not keep up.
 *
 * @param target The model to measure, from `connect`.
 * @param options Rates, kind of arrivals and bounds of each level.
 * @returns Offered and achieved rate per second, latency in ms and backlog by rate, and where it saturates.
 * @throws {UsageError} If an option is out of its range.
 */
export async function runLoadTest(target: Target, options: LoadOptions = {}): Promise<LoadResult> {
  checkOptions(options);
  const { batchSize = defaultOf("batchSize") } = options;
  const objectives = options.objectives === undefined ? null : parseObjectives(options.objectives, LEVEL_METRICS);
  return await runSession<LoadResult>("load", target, options, async (session) => {
    // Given rates need none; a search for a capacity begins below what the server can do.
    const { rates, ramp, traceMs } = options;
    const isGiven = rates !== undefined || ramp !== undefined || traceMs !== undefined;
    const reached = isGiven && objectives === null ? null : await scout(session, batchSize);
    const { levels, kind } = await stepRates(session, options, batchSize, reached);
    const ascending = levels.toSorted((a, b) => a.offeredPerSecond - b.offeredPerSecond);
    const saturated = ascending.find((level) => level.saturated)?.offeredPerSecond ?? null;
    const sustained = ascending.findLast(({ offeredPerSecond, ...level }) =>
      !level.saturated && level.succeeded > 0 && (saturated === null || offeredPerSecond < saturated)
    );
    return {
      kind: "load",
      arrivals: kind,
      batchSize,
      levels: ascending,
      sustainedPerSecond: sustained?.offeredPerSecond ?? null,
      saturatedPerSecond: saturated,
      capacity: objectives === null || reached === null || session.partial !== null
        ? null
        : await measureCapacity(session, options, objectives, Number((reached / 4).toPrecision(2))),
    };
  });
}

async function stepRates(session: Session, options: LoadOptions, batchSize: number, reached: number | null) {
  const offer = { ...offerDefaults(options), batchSize };
  const levels: OfferedLevel[] = [];
  const measure = async (arrivals: Arrivals, fraction: number) => {
    session.progress(arrivals.description, fraction);
    levels.push((await measureOffer(session, { ...offer, arrivals })).level);
  };
  const single = singleArrivals(options, offer.durationMs);
  if (single !== null) {
    // They begin as they are: what comes first is part of the question.
    Object.assign(offer, { durationMs: single.lengthMs, warmUpRequests: options.warmUpRequests ?? 0 });
    await measure(single.arrivals, 0);
    return { levels, kind: single.arrivals.description };
  }
  const rates = options.rates === undefined ? steps(reached) : options.rates.toSorted((a, b) => a - b);
  for (const [i, rate] of rates.entries()) {
    if (session.partial !== null) break;
    await measure(arrivalsAt(rate, options, session.seed), i / rates.length);
    // Beyond saturation latency only tells how long was measured; rates that were asked for are run all the same.
    if (options.rates === undefined && levels.at(-1)!.saturated) break;
  }
  return { levels, kind: kindOf(options) };
}

/** A ramp or a trace is one level. */
function singleArrivals({ ramp, traceMs }: LoadOptions, durationMs: number) {
  if (ramp !== undefined) {
    return { arrivals: rampArrivals(ramp.fromPerSecond, ramp.toPerSecond, durationMs), lengthMs: durationMs };
  }
  return traceMs === undefined ? null : { arrivals: traceArrivals(traceMs), lengthMs: Infinity };
}

/** Requests per second that a short closed loop reaches; `null` where nothing succeeds. */
async function scout(session: Session, batchSize: number): Promise<number | null> {
  session.progress("looking for a first rate", 0);
  const budget = { durationMs: 1000, minimumMs: 500, minimumRequests: 50 };
  const visit = await visitLevel(session, { concurrency: SCOUT_CONCURRENCY, batchSize }, budget);
  const reached = summariseLevel([visit], batchSize).measurement.requestsPerSecond?.value ?? null;
  if (reached === null) session.absences["levels"] = "no request succeeded";
  return reached;
}

/** Rates around that, and some beyond. */
function steps(reached: number | null): number[] {
  if (reached === null) return [];
  const beyond = Array.from({ length: MOST_BEYOND }, (_, i) => STEPS.at(-1)! * BEYOND ** (i + 1));
  return [...STEPS, ...beyond].map((share) => Number((share * reached).toPrecision(2)));
}

function kindOf({ arrivals = defaultOf("arrivals"), burst = defaultOf("burst") }: LoadOptions): string {
  return burst > 1 ? `bursts of ${burst}` : arrivals;
}

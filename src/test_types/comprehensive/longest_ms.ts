import { defaultOf } from "../../measure/settings/default_of.ts";
import type { AbOptions, ComprehensiveOptions, LoadOptions } from "../../measure/settings/options.ts";
import { patternAt } from "../../measure/window/arrivals_of.ts";
import { closedBudget, openBudget } from "../../measure/window/window_budget.ts";
import type { ResultKind } from "../../results/kinds.ts";
import { longestLoadMs } from "../load/load_time.ts";

/** Options of any test. */
type Options = ComprehensiveOptions & LoadOptions & Pick<AbOptions, "blocks">;

/** What a load of a model, or a start of a server, is taken to need as long as nobody has seen one, ms. */
const LOAD_MS = 2000;
/** What comes with each level beside its window: its warm-up, and what it is looked at with, as a share of the window. */
const BESIDE = 0.1;
/** Points that are measured together after the sweeps, and visits to them. */
const POINTS = { usual: 10, quick: 6 };
/** Both passes of the check for a cache of answers, ms, and the phases of the memory test without soak and loads. */
const CACHE_CHECK_MS = { usual: 6000, quick: 2500 };
const PHASES_MS = { usual: 7000, quick: 2000 };
/** Both lengths at which a prefix cache is looked for, ms; one with quick. */
const PREFIX_CACHE_MS = { usual: 8000, quick: 1500 };
/** Visits of an A/B test where nobody says how long, ms, and its warm-ups. */
const VISIT_MS = { usual: 500, quick: 250 };
const WARM_UPS_MS = 2000;

const LONGEST: {
  readonly [K in ResultKind]: (options: Options, ownSpeed: "usual" | "quick", isWatched: boolean) => number;
} = {
  "basic": (options, speed) =>
    (options.ratePerSecond === undefined ? levelsMs(1, options) : rateMs(options.ratePerSecond, options)) +
    (options.cacheCheck === true ? CACHE_CHECK_MS[speed] : 0),
  "throughput": (options) => levelsMs((options.batchSizes ?? defaultOf("batchSizes", options)).length, options),
  "scalability": (options) => levelsMs((options.levels ?? defaultOf("levels", options)).length, options),
  "prompts": (options, speed) =>
    levelsMs((options.promptLengths ?? defaultOf("promptLengths", options)).length, {
      ...options,
      durationMs: options.durationMs ?? defaultOf("durationMs", options, "prompts"),
    }) + PREFIX_CACHE_MS[speed],
  "operating-points": (options, speed) => levelsMs(POINTS[speed] / 2, options),
  "latency": (options) => {
    const { coldStarts = defaultOf("coldStarts", options), noUnload = false } = options;
    return (noUnload ? 0 : (coldStarts + 1) * LOAD_MS) + levelsMs(1, options);
  },
  "memory": (options, speed, isWatched) => {
    const { soakMs = defaultOf("soakMs", options), cycles = defaultOf("cycles", options), noUnload = false } = options;
    const loads = noUnload ? 0 : 2 + (isWatched || cycles === 0 ? 0 : cycles + 1);
    return soakMs + PHASES_MS[speed] + loads * LOAD_MS;
  },
  "load": longestLoadMs,
  "ab": (options, speed) => {
    const { blocks = defaultOf("blocks", options), durationMs, requests } = options;
    if (requests !== undefined) return Infinity;
    return WARM_UPS_MS + (durationMs === undefined ? 4 * blocks * VISIT_MS[speed] : 2 * durationMs);
  },
};

/**
 * How long a test may take, as far as its options alone tell it: levels take at most their duration, and what only the server
 * decides, such as the time of a load, is guessed. For progress, never for results.
 *
 * @param kind The test.
 * @param options Its options.
 * @param isWatched Whether its loads are those of other tests of the run, for the memory test.
 * @returns Ms, more than 0; `null` where requests are counted instead of time.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([longestMs("basic", {}), longestMs("basic", { requests: 10 })], [8800, null]);
 * assertEquals([longestMs("ab", { durationMs: 3000 }), longestMs("ab", { requests: 10 })], [8000, null]);
 * assertEquals([longestMs("load", { rates: [10], requests: 20 }), longestMs("load", { requests: 20 })], [4000, null]);
 * ```
 */
export function longestMs(kind: ResultKind, options: Options, isWatched = false): number | null {
  const ms = LONGEST[kind](options, options.quick ? "quick" : "usual", isWatched);
  return Number.isFinite(ms) ? Math.max(1, ms) : null;
}

/** What the window of a rate takes. */
function rateMs(ratePerSecond: number, options: Options): number {
  return openBudget(options, patternAt(ratePerSecond, options)).durationMs;
}

/** What so many levels of a closed loop take. */
function levelsMs(levels: number, options: Options): number {
  return levels * (1 + BESIDE) * closedBudget(options).durationMs;
}

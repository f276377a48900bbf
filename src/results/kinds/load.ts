import * as v from "valibot";
import type { Estimate } from "../../core/estimate.ts";
import { measuredOr, reading } from "../measured.ts";
import { type ObjectiveOutcome, outcomeEntries } from "../objective.ts";
import { baseEntries, type ResultBase } from "../result_base.ts";
import { estimate, nullableNumber, number } from "../schema.ts";
import { askedRate } from "../window/asked_rate.ts";
import { type ArrivalShape, arrivalShapeSchema, rateOf } from "../window/load.ts";
import { rateLimits } from "../window/rate_limits.ts";
import { type OpenWindow, type Window, windowEntries } from "../window/window.ts";
import { capacityOutcome } from "./capacity_outcome.ts";
import type { Detail, Kind, LevelWindow } from "./kind.ts";

/** One trial of a capacity search. */
export interface CapacityProbe {
  /** What was tried: requests per second, or requests outstanding. */
  readonly level: number;
  /**
   * Whether the objectives held; `unclear` where an interval straddles a limit even after a second run, and where the client
   * was the limit of times that did not hold.
   */
  readonly verdict: "met" | "missed" | "unclear";
  /** Each objective with what the last run found; none in files of versions before 0.2. */
  readonly outcomes: readonly ObjectiveOutcome[];
  /**
   * True if the server did not keep up: the trial is then missed, whatever its figures are; `null` where that cannot be told:
   * it is then not met.
   */
  readonly saturated: boolean | null;
  /** Runs that it rests on. */
  readonly runs: number;
  /** Left out unless the client was the limit, and by versions before 0.2. */
  readonly clientLimited?: true;
}

/** The highest level that holds the objectives. */
export interface CapacitySearch {
  /** Highest level that met them; `null` if none did. */
  readonly highest: number | null;
  /** Lowest level above it that did not; `null` if every level met them. */
  readonly lowestMissed: number | null;
  /** Why the search ended: it closed in, no level met the objectives, or all did up to the bound of the client. */
  readonly ended: "found" | "never met" | "always met" | "stopped early";
  /** Trials in the order in which they ran. */
  readonly probes: readonly CapacityProbe[];
  /** Where the time of the test was too short for a trial that tells: what one takes. Left out by versions before 0.2. */
  readonly untold?: UntoldTrial;
}

/** A trial that would have told whether objectives hold. */
export interface UntoldTrial {
  /** Level at which the search would have begun. */
  readonly level: number;
  /** Fewest requests that tell. */
  readonly requests: number;
  /** How long they take, ms. */
  readonly trialMs: number;
  /** Whether the test was to be quick. */
  readonly quick: boolean;
}

/** How the server does at given arrival rates (open loop). */
export interface LoadResult extends ResultBase {
  /** Tells the results apart. */
  readonly kind: "load";
  /** How requests arrive, whatever their rate. */
  readonly arrivals: ArrivalShape;
  /** Most connections; requests that are due beyond wait in the client. */
  readonly maxConnections: number;
  /** Items per request. */
  readonly batchSize: number;
  /** Ascending by the rate that was asked for. */
  readonly levels: readonly OpenWindow[];
  /** What was sent to find a first rate, where nothing of it succeeded: no rate was offered then. */
  readonly unanswered?: Window;
  /** Highest rate, as it was asked for, that the server kept up with, fewer than 1 % failed; `null` if there was none. */
  readonly sustainedPerSecond: number | null;
  /** Lowest rate, as it was asked for, that it did not keep up with; `null` if there was none. */
  readonly saturatedPerSecond: number | null;
  /** With objectives: the capacity under them. */
  readonly capacity: {
    /** As given: `p99<100ms,errors<1%`. */
    readonly objectives: string;
    /** Highest arrival rate, requests per second. */
    readonly rate: CapacitySearch;
    /** Highest concurrency of a closed loop. */
    readonly concurrency: CapacitySearch;
    /** Successes per second that met the latency objectives at the highest rate (goodput); `null` if none did. */
    readonly goodputPerSecond: number | null;
    /** The same with its interval; left out where there is none, and by versions before 0.2. */
    readonly goodRequestsPerSecond?: Estimate;
    /** Share of the requests of that rate that met them; left out as that. */
    readonly goodShare?: Estimate;
  } | null;
}

/** The highest rate that was sustained. */
function bestOf({ levels }: LoadResult): LevelWindow | null {
  const { sustained } = rateLimits(levels);
  return sustained === null ? null : { level: askedRate(sustained), window: sustained };
}

const capacitySearch = v.looseObject({
  highest: nullableNumber,
  lowestMissed: nullableNumber,
  ended: v.picklist(["found", "never met", "always met", "stopped early"]),
  probes: v.array(v.looseObject({
    level: number,
    verdict: v.picklist(["met", "missed", "unclear"]),
    outcomes: v.array(v.looseObject(outcomeEntries)),
    saturated: v.nullable(v.boolean()),
    runs: number,
    clientLimited: v.exactOptional(v.literal(true)),
  })),
  untold: v.exactOptional(v.looseObject({ level: number, requests: number, trialMs: number, quick: v.boolean() })),
});

/** Every trial of a capacity, with what it found of each objective. */
function detailsOf({ capacity }: LoadResult): Detail[] {
  if (capacity === null) return [];
  const trial = (axis: string, load: (level: number) => NonNullable<NonNullable<Detail["at"]>["load"]>) => {
    return ({ level, verdict, saturated, runs, clientLimited, outcomes }: CapacityProbe): Detail => ({
      at: { axis, level, load: load(level) },
      values: [
        { id: "met", unit: "", value: Number(verdict === "met") },
        { id: "unclear", unit: "", value: Number(verdict === "unclear") },
        { id: "saturated", unit: "", value: saturated === null ? null : Number(saturated) },
        { id: "client_limited", unit: "", value: Number(clientLimited === true) },
        { id: "runs", unit: "", value: runs },
        ...outcomes.flatMap(({ objective: { metric, unit, limit }, measured }) => [
          { id: `objective_${metric}`, unit, value: measured },
          { id: `objective_${metric}_limit`, unit, value: limit },
        ]),
      ],
    });
  };
  return [
    ...capacity.rate.probes.map(trial("rate_trial", (ratePerSecond) => ({ ratePerSecond }))),
    ...capacity.concurrency.probes.map(trial("concurrency_trial", (concurrency) => ({ concurrency }))),
  ];
}

const rate = { unit: "requests/s", better: "more" } as const;
const notSearched = "no objectives were given to search a capacity under";
const whyNone = (search: CapacitySearch, level: string) =>
  capacityOutcome(search) === "none" ? `no ${level} met them` : `it is not known whether a ${level} meets them`;

/** Under which a capacity was searched; `undefined` where that was not begun, whether or not there were some. */
function objectivesOf({ capacity, partial, absences }: LoadResult): string | undefined {
  if (capacity !== null) return capacity.objectives;
  return partial === null && absences["capacity"] === undefined ? "none" : undefined;
}

/** What the house knows of the load test. */
export const loadKind: Kind<LoadResult> = {
  title: "Load",
  name: "the load test",
  question: "Which rate of arrivals does the server sustain, and what is the latency there?",
  axis: { label: "offered rate", id: "offered_rate" },
  schema: v.looseObject({
    kind: v.literal("load"),
    arrivals: arrivalShapeSchema,
    maxConnections: number,
    batchSize: number,
    levels: v.array(v.looseObject(windowEntries)),
    unanswered: v.exactOptional(v.looseObject(windowEntries)),
    sustainedPerSecond: nullableNumber,
    saturatedPerSecond: nullableNumber,
    capacity: v.nullable(v.looseObject({
      objectives: v.string(),
      rate: capacitySearch,
      concurrency: capacitySearch,
      goodputPerSecond: nullableNumber,
      goodRequestsPerSecond: v.exactOptional(estimate),
      goodShare: v.exactOptional(estimate),
    })),
    ...baseEntries,
  }) as unknown as v.GenericSchema<unknown, LoadResult>,
  windows: ({ levels, unanswered }) => [
    ...unanswered === undefined ? [] : [{ level: null, window: unanswered }],
    ...levels.map((window) => ({ level: askedRate(window), window })),
  ],
  // Interrupted before a rate was offered, it does not hold what was answered until then. A capacity is searched only where
  // the requests were answered that looked for a first rate, however little its trials could tell then.
  isAnswered: ({ levels, capacity, partial }) =>
    levels.length === 0 && partial === "interrupted"
      ? null
      : levels.some(({ succeeded }) => succeeded > 0) || capacity !== null,
  best: bestOf,
  // Not by the best window of each: which rates were offered would then read as a change of the server, and where two runs
  // of one server differ by a step in what they sustained, that step as a fifth of its throughput.
  comparedOfHighest: ["requests_per_second", "output_tokens_per_second"],
  asked: ({ arrivals, batchSize, maxConnections }) => ({ arrivals, batchSize, maxConnections }),
  comparedOfWindows: ["latency_p95", "time_to_first_token_p95", "time_per_output_token_p50"],
  details: detailsOf,
  figures: [
    {
      ...rate,
      id: "sustained_rate",
      label: "sustained rate",
      read: ({ sustainedPerSecond, absences }) =>
        measuredOr(reading(sustainedPerSecond), absences, ["levels"], "none of the offered rates was surely sustained"),
      compared: "same-loads",
    },
    {
      ...rate,
      id: "saturated_rate",
      label: "saturated from",
      read: ({ saturatedPerSecond, absences }) =>
        measuredOr(reading(saturatedPerSecond), absences, ["levels"], "no offered rate surely saturated the server"),
    },
    {
      ...rate,
      id: "capacity_rate",
      label: "capacity",
      read: ({ capacity, absences }) =>
        measuredOr(
          reading(capacity?.rate.highest),
          absences,
          ["capacity"],
          capacity ? whyNone(capacity.rate, "rate") : notSearched,
        ),
      compared: true,
      under: objectivesOf,
    },
    {
      id: "capacity_concurrency",
      label: "capacity in concurrency",
      unit: "requests",
      better: "more",
      read: ({ capacity, absences }) =>
        measuredOr(
          reading(capacity?.concurrency.highest),
          absences,
          ["capacity"],
          capacity ? whyNone(capacity.concurrency, "concurrency") : notSearched,
        ),
    },
    {
      ...rate,
      id: "goodput",
      label: "goodput",
      read: ({ capacity, absences }) =>
        measuredOr(
          capacity?.goodRequestsPerSecond ?? reading(capacity?.goodputPerSecond),
          absences,
          ["capacity"],
          notSearched,
        ),
    },
  ],
  circumstances: [
    {
      what: "rates of the load test",
      severity: "warning",
      of: ({ levels }) =>
        levels.map(({ load }) => load.kind === "open" ? rateOf(load.arrivals) ?? "trace" : "").join(", "),
    },
    { what: "objectives of the load test", severity: "warning", of: objectivesOf },
  ],
};

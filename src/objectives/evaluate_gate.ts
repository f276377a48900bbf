import type { Estimate } from "../core/estimate.ts";
import type { Gate, GateOutcome, GatePlace } from "../results/gate.ts";
import type { Objective, ObjectiveMetric } from "../results/objective.ts";
import type { Absences, OperatingPoint, TestKind, TestResults } from "../results/result.ts";
import { evaluateObjectives, LEVEL_METRICS, type LevelFigures } from "./evaluate_objectives.ts";
import { limitVerdict } from "./limit_verdict.ts";
import { observationsNeeded } from "./observations_needed.ts";
import { bestLevel, gateLevel } from "./gate_level.ts";

const WITHOUT_FIRST_BYTE = LEVEL_METRICS.filter((metric) => !metric.startsWith("ttfb"));

/** Metrics that a test can tell. */
const METRICS_OF: Readonly<Record<TestKind | "load", readonly ObjectiveMetric[]>> = {
  basic: LEVEL_METRICS,
  latency: [...WITHOUT_FIRST_BYTE.filter((metric) => metric !== "throughput"), "cold", "warm", "overhead"],
  throughput: [...WITHOUT_FIRST_BYTE, "peak"],
  scalability: [...WITHOUT_FIRST_BYTE, "peak"],
  memory: ["footprint", "growth"],
  load: WITHOUT_FIRST_BYTE,
};

/**
 * Metrics that a gate may be about when some tests are run, so that one that nothing measures is refused before.
 *
 * @param kinds The tests.
 * @returns Each once, in the order of the tests.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(gateMetrics(["memory"]), ["footprint", "growth"]);
 * ```
 */
export function gateMetrics(kinds: readonly (TestKind | "load")[]): ObjectiveMetric[] {
  return [...new Set(kinds.flatMap((kind) => METRICS_OF[kind]))];
}

/** A figure with where it was measured, or why it was not. */
type Found = { readonly figure: Estimate; readonly place: GatePlace } | { readonly absence: string };

/**
 * Whether a run keeps its objectives. Latencies, errors and throughput are those of one level, the same for all of them: the
 * basic test's, whose load the caller fixed; without a basic test the highest rate that a load test sustained, the optimum
 * of a sweep, or the warm requests of the latency test. `peak` is the throughput of the recommended operating point, else of the sweep's best level.
 *
 * An objective is met only where its whole interval keeps the limit. One that cannot be told fails the gate, for a gate that
 * opens without knowing is none, unless `lenient`.
 *
 * @param tests What was measured.
 * @param objectives From `parseObjectives`.
 * @param options `lenient`: whether what cannot be told passes.
 * @returns Each objective with its evidence.
 */
export function evaluateGate(
  tests: TestResults,
  objectives: readonly Objective[],
  { lenient = false }: { readonly lenient?: boolean } = {},
): Gate {
  const outcomes = objectives.map((objective) =>
    LEVEL_METRICS.includes(objective.metric) ? ofLevel(objective, tests) : ofTest(objective, tests)
  );
  const passed = outcomes.every(({ verdict }) => verdict === "met" || (lenient && verdict === "cannot tell"));
  return { passed, lenient, outcomes };
}

function ofLevel(objective: Objective, tests: TestResults): GateOutcome {
  const found = gateLevel(tests);
  if (found === null) return unknown(objective, "no level was measured");
  const { level, place, absences } = found;
  const [outcome] = evaluateObjectives([objective], level);
  return {
    ...outcome!,
    place,
    absence: outcome!.measured === null ? whyNot(objective, level, absences) : null,
    observationsNeeded: neededFor(outcome!),
  };
}

function whyNot({ metric }: Objective, level: LevelFigures, absences: Absences): string {
  if (level.latencyMs === null) return absences["latencyMs"] ?? "no request succeeded";
  return metric.startsWith("ttfb")
    ? absences["firstByteMs"] ?? "no first byte was timed"
    : "this test does not measure it";
}

function ofTest(objective: Objective, tests: TestResults): GateOutcome {
  const found = figureOf(objective, tests);
  if ("absence" in found) return unknown(objective, found.absence);
  const outcome = { objective, measured: found.figure, verdict: limitVerdict(found.figure, objective) };
  return { ...outcome, place: found.place, absence: null, observationsNeeded: neededFor(outcome) };
}

function unknown(objective: Objective, absence: string): GateOutcome {
  return { objective, verdict: "cannot tell", measured: null, place: null, absence, observationsNeeded: null };
}

function neededFor({ objective, measured, verdict }: Pick<GateOutcome, "objective" | "measured" | "verdict">) {
  if (verdict !== "cannot tell" || measured === null) return null;
  const quantile = /p(\d\d)$/.exec(objective.metric)?.[1];
  return observationsNeeded(measured, objective.limit, {
    ...(quantile === undefined ? {} : { quantile: Number(quantile) / 100 }),
  });
}

function figureOf({ metric, unit }: Objective, tests: TestResults): Found {
  const { latency, memory } = tests;
  switch (metric) {
    case "cold":
      return at("latency", latency?.cold?.totalMs.mean, latency?.absences, ["cold"]);
    case "warm":
      return at("latency", latency?.warm.latencyMs?.mean, latency?.absences, ["warm.latencyMs", "warm"]);
    case "overhead": {
      const figure = unit === "percent" ? latency?.overheadPercent : latency?.overheadMs;
      return at("latency", figure, latency?.absences, ["overheadMs", "cold"]);
    }
    case "footprint": {
      const bytes = memory?.modelFootprintBytes ?? null;
      return at("memory", bytes === null ? null : exactly(bytes), memory?.absences, [
        "modelFootprintBytes",
        "baseline",
        "scope",
      ]);
    }
    case "growth":
      return at("memory", memory?.growth?.bytesPerRequest, memory?.absences, ["growth", "scope"]);
    default:
      return peakOf(unit === "predictions/s" ? "predictionsPerSecond" : "requestsPerSecond", tests);
  }
}

function at(
  test: TestKind,
  figure: Estimate | null | undefined,
  absences: Absences | undefined,
  fields: readonly string[],
): Found {
  if (figure !== null && figure !== undefined) return { figure, place: { test, batchSize: null, concurrency: null } };
  if (absences === undefined) return { absence: `the ${test} test gave no result` };
  return { absence: fields.map((field) => absences[field]).find((why) => why !== undefined) ?? "it was not measured" };
}

/** One reading: it has no interval, and is judged as it is. */
function exactly(value: number): Estimate {
  return { value, low: value, high: value, level: 0.95, n: 1 };
}

function peakOf(rate: "predictionsPerSecond" | "requestsPerSecond", tests: TestResults): Found {
  const [point] = tests.operatingPoints ?? [];
  const found = point === undefined ? bestLevel(tests) : { level: point, place: placeOf(point) };
  const figure = found?.level[rate];
  return found === null || figure === null || figure === undefined
    ? { absence: "no sweep gave a level that works" }
    : { figure, place: found.place };
}

function placeOf({ batchSize, concurrency }: OperatingPoint): GatePlace {
  return { test: "operating-points", batchSize, concurrency };
}

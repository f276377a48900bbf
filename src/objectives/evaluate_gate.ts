import type { Estimate } from "../core/estimate.ts";
import { FIGURES, type ResultFigure } from "../results/figures.ts";
import type { Gate, GateOutcome, GatePlace } from "../results/gate.ts";
import { KINDS, RESULT_KINDS, type ResultKind, type TestResult, type TestResults } from "../results/kinds.ts";
import type { Kind } from "../results/kinds/kind.ts";
import { isAbsent } from "../results/measured.ts";
import type { Objective } from "../results/objective.ts";
import type { Absences } from "../results/result_base.ts";
import type { Window } from "../results/window/window.ts";
import { WINDOW_FIGURES } from "../results/window/window_figures.ts";
import { evaluateObjectives } from "./evaluate_objectives.ts";
import { gateLevel, placeOf } from "./gate_level.ts";
import { limitVerdict } from "./limit_verdict.ts";
import { LEVEL_METRICS, metricsOf } from "./metrics.ts";
import { observationsNeeded } from "./observations_needed.ts";

/**
 * Metrics that a gate may be about when some tests are run, so that one that nothing measures is refused before.
 *
 * @param kinds The tests.
 * @returns Each once.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const ofGpu = ["growth-gpu", "growth-allocated", "footprint-gpu"];
 * assertEquals(gateMetrics(["memory"]), ["growth", "footprint", ...ofGpu]);
 * ```
 */
export function gateMetrics(kinds: readonly ResultKind[]): readonly string[] {
  return metricsOf(kinds);
}

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
  const { measured, verdict } = outcome!;
  const isLost = level.lost !== undefined && measured !== null && verdict === "cannot tell";
  return {
    ...outcome!,
    place,
    absence: isLost ? "the server was lost in it" : measured === null ? whyNot(objective, level, absences) : null,
    // More of them do not tell what a server keeps that is lost.
    observationsNeeded: isLost ? null : neededFor(outcome!),
  };
}

function whyNot({ metric, unit }: Objective, level: Window, absences: Absences): string {
  if (level.latencyMs === null) return absences["latencyMs"] ?? "no request succeeded";
  const measured = WINDOW_FIGURES.find(({ gate, unit: own }) => gate?.name === metric && own === unit)?.read(level);
  if (measured === undefined || !isAbsent(measured)) return "this test does not measure it";
  return absences[measured.code] ?? measured.detail;
}

/** Whose figure is taken where several kinds have one of that name: what was measured to be recommended, first. */
const ORDER: readonly ResultKind[] = ["operating-points", ...RESULT_KINDS];

function ofTest(objective: Objective, tests: TestResults): GateOutcome {
  const figures = FIGURES
    .filter(({ gate, unit }) => gate?.name === objective.metric && unit === objective.unit)
    .toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  const read = figures.map((figure) => ({ figure, measured: figure.read(tests) }));
  for (const { figure, measured } of read) {
    if (isAbsent(measured)) continue;
    const exact = exactly(measured, figure.unit);
    const outcome = { objective, measured: exact, verdict: limitVerdict(exact, objective) };
    const isAlone = outcome.verdict === "cannot tell" && exact.n === 1;
    const absence = isAlone ? "one alone tells no other, and more of them do" : null;
    return { ...outcome, place: whereOf(figure, tests), absence, observationsNeeded: neededFor(outcome) };
  }
  const absences = read.flatMap(({ measured }) => isAbsent(measured) ? [measured] : []);
  const told = absences.find(({ code }) => code !== "not-run") ?? absences[0];
  return unknown(objective, told?.detail ?? "it was not measured");
}

/** Of a figure that was read at one level, that level. */
function whereOf({ kind, ofBestLevel }: ResultFigure, tests: TestResults): GatePlace {
  const best = ofBestLevel ? (KINDS[kind] as Kind<TestResult>).best?.(tests[kind]!) : null;
  return best ? placeOf(kind, best) : { test: kind, batchSize: null, concurrency: null };
}

function unknown(objective: Objective, absence: string): GateOutcome {
  return { objective, verdict: "cannot tell", measured: null, place: null, absence, observationsNeeded: null };
}

/** One reading of memory has no interval, and is judged as it is; one time out of many possible ones tells none of them. */
function exactly(estimate: Estimate, unit: string): Estimate {
  const { value, low, high, n } = estimate;
  return unit === "bytes" && n === 1 && low === null && high === null
    ? { ...estimate, low: value, high: value }
    : estimate;
}

function neededFor({ objective, measured, verdict }: Pick<GateOutcome, "objective" | "measured" | "verdict">) {
  if (verdict !== "cannot tell" || measured === null) return null;
  const quantile = WINDOW_FIGURES.find(({ gate }) => gate?.name === objective.metric)?.quantile;
  return observationsNeeded(measured, objective.limit, quantile === undefined ? {} : { quantile });
}

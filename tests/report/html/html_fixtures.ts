/** Reports for pages alone: one that tries to break them, and what the golden texts do not hold. */
import type { Report } from "../../../src/results/report.ts";
import { checkBaseline } from "../../../src/compare/check_baseline.ts";
import { evaluateGate } from "../../../src/objectives/evaluate_gate.ts";
import { parseObjectives } from "../../../src/objectives/parse_objectives.ts";
import { figuresOf } from "../../../src/test_types/load/load.ts";
import type { CapacityProbe, LoadResult, OpenWindow } from "../../../src/results/result.ts";
import { distribution, estimate } from "../../core/estimates.ts";
import { abResult } from "../../results/kinds/ab_result.ts";
import { loadResult } from "../../results/kinds/load_result.ts";
import { memoryResult } from "../../results/kinds/memory_result.ts";
import { throughputResult } from "../../results/kinds/throughput_result.ts";
import { failedMeasurement, measurement, openWindow, withFailures } from "../../results/window/windows.ts";
import { limitedClient, reports } from "../fixtures.ts";
import { reportOf } from "../report_of.ts";

const MARKUP = `"><script>alert(1)</script><img src=x onerror=alert(1)>\u0000\u202e&lt;b style='x'>]]>`;
const LONG = "x".repeat(300);
const failed = {
  ...failedMeasurement(),
  failuresByReason: { status: 36, malformed: 4 },
  failureExamples: { status: `${MARKUP} ${LONG}`, malformed: `${LONG} [1, 2] https://evil.example/x.png` },
};

/** Every word that a server, a user or a machine can put into a report holds markup, control characters or no space. */
export const hostileReport: Report = reportOf({
  throughput: throughputResult({}, {
    levels: [1, 2].map((batchSize) => ({ ...failed, batchSize, efficiency: null, speedup: null })),
    optimalBatchSize: null,
    equivalentBatchSizes: [],
    maxPredictionsPerSecond: null,
    plateauBatchSize: null,
    absences: { optimalBatchSize: MARKUP },
  }),
  memory: memoryResult(false, { absences: { gpu: MARKUP, fragmentation: `${MARKUP}${LONG}` } }),
}, {
  target: { url: `http://models.example/${MARKUP}`, protocol: MARKUP, model: MARKUP, embedded: false, device: MARKUP },
  command: `deno task comprehensive --model '${MARKUP}' ${LONG}`,
  tool: { name: "torchgauge", version: MARKUP },
  environment: {
    os: MARKUP,
    cpu: LONG,
    cores: 2,
    memoryBytes: null,
    deno: "2.9.6",
    gpus: [{ name: MARKUP, memoryBytes: null, driver: LONG }],
  },
  warnings: [MARKUP, LONG],
});

/** One rate; what is offered is never quite what was asked for, in whole numbers. */
const level = (offeredPerSecond: number, saturated = false): OpenWindow => {
  const { load: _, latencyFrom: __, ...measured } = measurement(saturated ? 52 : offeredPerSecond, 1, 1);
  return openWindow(offeredPerSecond, {
    ...measured,
    due: Math.round(4 * offeredPerSecond),
    unanswered: saturated ? 31 : 0,
    serviceMs: measured.latencyMs,
    latenessMs: distribution(0.2),
    backlogGrowthPerSecond: estimate(saturated ? 8 : 0, 0.4),
    saturated,
    converged: !saturated,
  });
};

/** A load test over these levels. */
const loadOf = (levels: readonly OpenWindow[], overrides: Partial<LoadResult> = {}): LoadResult =>
  loadResult({ ...figuresOf(levels), ...overrides });

const load = loadOf([level(12.3), level(24.8), level(50.4), level(99.7, true)]);

/** An open loop alone. */
export const loadReport: Report = reportOf({ load }, { command: "deno task load --model resnet18" });

const probe = (level: number, verdict: CapacityProbe["verdict"]): CapacityProbe => ({
  level,
  verdict,
  outcomes: [{
    objective: { metric: "p99", operator: "<", limit: 100, unit: "ms", text: "p99<100ms" },
    verdict: verdict === "unclear" ? "cannot tell" : verdict,
    measured: estimate(verdict === "met" ? 48 : 142, 6),
  }],
  saturated: false,
  runs: verdict === "unclear" ? 2 : 1,
});

/**
 * An open loop with failures at one rate, which is therefore not sustained, a client at its limit, and the capacity under
 * objectives.
 */
export const capacityReport: Report = reportOf({
  load: loadOf([level(12.3), { ...withFailures(level(24.8), 4, "timeout"), clientLimited: true }, level(99.7, true)], {
    arrivals: { kind: "bursts", size: 10 },
    client: limitedClient,
    capacity: {
      objectives: "p99<100ms,errors<5%",
      rate: {
        highest: 25,
        lowestMissed: 50,
        ended: "found",
        probes: [probe(12, "met"), probe(25, "met"), probe(50, "missed")],
      },
      concurrency: { highest: null, lowestMissed: 1, ended: "never met", probes: [probe(1, "missed")] },
      goodputPerSecond: 24.6,
    },
  }),
}, { command: "deno task load --model resnet18 --slo 'p99<100ms,errors<5%'" });

/** Two servers that were measured alternately. */
export const abReport: Report = reportOf({ ab: abResult() }, { command: "deno task ab --model resnet18" });

const before = reportOf({ ...reports["whole"]!.tests, throughput: throughputResult({ 1: 60, 2: 90, 4: 130, 8: 190 }) });
const whole = reports["whole"]!;

/** A run with a gate that it misses and a baseline that it falls behind. */
export const gatedReport: Report = {
  ...whole,
  gate: evaluateGate(whole.tests, parseObjectives("p95<200ms,errors<1%,throughput>500req/s")),
  baseline: checkBaseline(before, whole, 0.05),
};

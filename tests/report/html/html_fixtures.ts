/** Reports for pages alone: one that tries to break them, and what the golden texts do not hold. */
import type { Report } from "../../../src/results/report.ts";
import { checkBaseline } from "../../../src/compare/check_baseline.ts";
import { evaluateGate } from "../../../src/objectives/evaluate_gate.ts";
import { parseObjectives } from "../../../src/objectives/parse_objectives.ts";
import type { CapacityProbe, LoadResult, OfferedLevel } from "../../../src/results/result.ts";
import {
  base,
  countsOf,
  distribution,
  estimate,
  failedMeasurement,
  measurement,
  memoryResult,
  throughputResult,
} from "../builders.ts";
import { reportOf, reports } from "../fixtures.ts";

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

const level = (offeredPerSecond: number, saturated: boolean): OfferedLevel => {
  const achieved = saturated ? 52 : offeredPerSecond;
  const measured = measurement(achieved, 1, 1);
  return {
    ...countsOf(measured),
    offeredPerSecond,
    due: 4 * offeredPerSecond,
    unanswered: saturated ? 31 : 0,
    durationMs: 4000,
    achievedPerSecond: measured.requestsPerSecond,
    latencyMs: measured.latencyMs,
    serviceMs: measured.latencyMs,
    latenessMs: distribution(0.2),
    errorRate: measured.errorRate,
    backlogGrowthPerSecond: estimate(saturated ? 8 : 0, 0.4),
    saturated,
    converged: !saturated,
    clientLimited: false,
  };
};

const load: LoadResult = {
  ...base,
  kind: "load",
  arrivals: "poisson",
  batchSize: 1,
  levels: [level(12, false), level(25, false), level(50, false), level(100, true)],
  sustainedPerSecond: 50,
  saturatedPerSecond: 100,
  capacity: null,
};

/** An open loop alone. */
export const loadReport: Report = reportOf({ load }, { command: "deno task load --model resnet18" });

const probe = (level: number, verdict: CapacityProbe["verdict"]): CapacityProbe => ({
  level,
  verdict,
  evidence: [`p99<100ms: ${verdict}`],
  runs: verdict === "unclear" ? 2 : 1,
});

/** An open loop with failures at one rate, a client at its limit, and the capacity under objectives. */
export const capacityReport: Report = reportOf({
  load: {
    ...load,
    arrivals: "bursts of 10",
    levels: [
      level(12, false),
      { ...level(25, false), failed: 4, succeeded: 96, failuresByReason: { timeout: 4 }, clientLimited: true },
      level(100, true),
    ],
    sustainedPerSecond: 25,
    capacity: {
      objectives: "p99<100ms,errors<1%",
      rate: {
        highest: 25,
        lowestMissed: 50,
        ended: "found",
        probes: [probe(12, "met"), probe(25, "met"), probe(50, "missed")],
      },
      concurrency: { highest: null, lowestMissed: 1, ended: "never met", probes: [probe(1, "missed")] },
      goodputPerSecond: 24.6,
    },
  },
}, { command: "deno task load --model resnet18 --slo 'p99<100ms,errors<1%'" });

const before = reportOf({ ...reports["whole"]!.tests, throughput: throughputResult({ 1: 60, 2: 90, 4: 130, 8: 190 }) });
const whole = reports["whole"]!;

/** A run with a gate that it misses and a baseline that it falls behind. */
export const gatedReport: Report = {
  ...whole,
  gate: evaluateGate(whole.tests, parseObjectives("p95<200ms,errors<1%,throughput>500req/s")),
  baseline: checkBaseline(before, whole, 0.05),
};

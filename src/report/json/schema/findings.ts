/** Findings and recommendations, as schemas; the order of their entries is the order in the results file. */
import * as v from "valibot";
import type { Finding } from "../../../results/finding.ts";
import type { Recommendation } from "../../../results/recommendation.ts";
import { busyMachineEntries } from "../../../results/evidence/busy_machine.ts";
import { efficiencyEntries } from "../../../results/evidence/efficiency.ts";
import { gpuLoadSchema } from "../../../results/evidence/gpu_limit_evidence.ts";
import { batchingEntries } from "../../../results/evidence/load_point.ts";
import { cacheCheckEntries } from "../../../results/kinds/cache_check.ts";
import { RESULT_KINDS } from "../../../results/kinds.ts";
import {
  estimate,
  failureCounts,
  failureTexts,
  fragmentationVerdict,
  growthVerdict,
  nullableEstimate,
  nullableNumber,
  number,
  numbers,
  numbersByName,
} from "../../../results/schema.ts";
import { ceilingEntries, clientLimits } from "../../../results/window/client_use.ts";
import { type GpuUse, THROTTLE_REASONS } from "../../../results/window/gpu_use.ts";
import { levelShiftEntries } from "../../../results/window/level_shift.ts";
import { loadSchema } from "../../../results/window/load.ts";

const kind = v.picklist(RESULT_KINDS);
const level = v.union([number, v.string()]);
const levels = v.array(level);
const severity = v.picklist(["info", "warning", "critical"]);
/** What the code says in words, for programs that show it; in no report, since it follows from the rest. */
const text = v.exactOptional(v.string());

function found<const Code extends string, Evidence extends v.ObjectEntries>(code: Code, evidence: Evidence) {
  return v.looseObject({ code: v.literal(code), text, severity, evidence: v.looseObject(evidence) });
}

function bottleneck<const Kind extends string, Evidence extends v.ObjectEntries>(kind: Kind, evidence: Evidence) {
  return bottleneckOf(kind, v.looseObject(evidence));
}

function bottleneckOf<const Kind extends string, Evidence extends v.GenericSchema>(kind: Kind, evidence: Evidence) {
  return v.looseObject({ code: v.literal("bottleneck"), text, bottleneck: v.literal(kind), severity, evidence });
}

const serverShare = { latencyMs: estimate, serverMs: estimate, serverShare: number, batchSize: number };
const queueing = {
  saturationConcurrency: number,
  highestConcurrency: number,
  requestsPerSecond: estimate,
  throughputGain: number,
  lowestConcurrency: v.exactOptional(number),
  latencyGrowth: number,
  sigma: nullableEstimate,
  queueMs: v.exactOptional(number),
};
const transfer = {
  latencyMs: estimate,
  sendingMs: estimate,
  readingMs: estimate,
  transferShare: number,
  batchSize: number,
};
const clientLimit = {
  test: kind,
  levels,
  cpuShare: nullableNumber,
  ...ceilingEntries,
  because: v.exactOptional(clientLimits),
  threadShare: v.exactOptional(number),
  starvedShare: v.exactOptional(number),
  writingShare: v.exactOptional(number),
  readingShare: v.exactOptional(number),
  judgingShare: v.exactOptional(number),
  betweenShare: v.exactOptional(number),
  latenessMs: v.exactOptional(number),
};

const gpuCompute = { gpu: gpuLoadSchema, saturated: v.boolean() };
const host = {
  gpu: gpuLoadSchema,
  server: v.nullable(v.looseObject(serverShare)),
  transferShare: nullableNumber,
  largerBatchesTried: v.boolean(),
  largestBatch: v.exactOptional(v.literal(true)),
};
const throttled = {
  gpu: gpuLoadSchema,
  throttledShare: number,
  throttledBy: numbersByName as v.GenericSchema<unknown, GpuUse["throttledBy"]>,
  temperatureCelsius: nullableNumber,
};
const missing = ["success", "server-time", "single-request-latency", "sweep", "saturation", "gpu", "device"] as const;
const gpuGrowth = {
  by: v.picklist(["allocator", "process"]),
  bytesPerRequest: estimate,
  verdict: growthVerdict,
  requests: number,
  filledBytes: v.exactOptional(number),
  cacheBytesPerRequest: v.exactOptional(estimate),
  requestsNeeded: v.exactOptional(number),
  requestsUntilFull: v.exactOptional(number),
  because: v.exactOptional(v.string()),
};

const repeated = v.looseObject({ source: kind, atMs: v.exactOptional(number), requestsPerSecond: estimate });
const clock = v.looseObject({ level: v.nullable(level), smClockMhz: number });
const drift = { load: loadSchema, slower: repeated, faster: repeated };

const shift = { ...levelShiftEntries, test: kind };

const rateLimit = {
  test: kind,
  requests: number,
  limited: number,
  levels,
  example: v.nullable(v.string()),
  heldMs: v.exactOptional(number),
  isOpen: v.exactOptional(v.boolean()),
};

const anyBottleneck = v.variant("bottleneck", [
  bottleneck("client", clientLimit),
  bottleneck("memory", { test: kind, level: v.nullable(level), message: v.string() }),
  bottleneckOf("transfer", v.union([v.looseObject(transfer), v.looseObject(serverShare)])),
  bottleneckOf("compute", v.union([v.looseObject(gpuCompute), v.looseObject(serverShare)])),
  bottleneck("host", host),
  bottleneck("throttled", throttled),
  bottleneck("queueing", queueing),
  bottleneck("cold-start", { overheadMs: estimate, coldMs: estimate, warmMs: estimate }),
  bottleneck("unknown", {
    missing: v.array(v.picklist(missing)),
    serverShare: nullableNumber,
    gpu: v.exactOptional(gpuLoadSchema),
    gpuAbsence: v.exactOptional(v.string()),
  }),
]);

/** What the analysis found. */
export const finding: v.GenericSchema<unknown, Finding> = v.variant("code", [
  anyBottleneck,
  found("cold-start-overhead", { overheadMs: estimate, overheadPercent: nullableEstimate, thresholdMs: number }),
  found("batch-plateau", { plateauBatchSize: number, optimalBatchSize: number, speedup: nullableEstimate }),
  found("rapid-degradation", {
    degradationPercent: estimate,
    thresholdPercent: number,
    bestConcurrency: number,
    fastestConcurrency: v.exactOptional(number),
    highestConcurrency: number,
    kappa: nullableEstimate,
  }),
  found("memory-growth", {
    bytesPerRequest: estimate,
    verdict: growthVerdict,
    pValue: nullableNumber,
    requests: number,
    of: v.exactOptional(v.literal("host")),
    because: v.exactOptional(v.string()),
  }),
  found("gpu-memory-growth", gpuGrowth),
  found("fragmentation", { verdict: fragmentationVerdict, counters: numbersByName }),
  found("errors", {
    test: kind,
    requests: number,
    failed: number,
    levels,
    failuresByReason: failureCounts,
    failureExamples: failureTexts,
  }),
  found("rate-limited", rateLimit),
  found("not-converged", { test: kind, levels }),
  found("client-limited", clientLimit),
  found("client-cpu", { test: kind, level: v.nullable(level), cpuShare: number, sharedCores: number }),
  found("gpu-throttled", { test: kind, levels, share: number, reasons: v.array(v.picklist(THROTTLE_REASONS)) }),
  found("gpu-clocks", { test: kind, slowest: clock, fastest: clock }),
  found("saturation", {
    test: kind,
    sustainedPerSecond: nullableNumber,
    saturatedPerSecond: number,
    clientLimited: v.exactOptional(v.literal(true)),
  }),
  found("warming-up", { ...shift, warmUpRequests: number, within: v.array(kind) }),
  found("level-shift", shift),
  found("drift", drift),
  found("response-cache", cacheCheckEntries),
  found("littles-law", { levels: v.array(v.looseObject({ concurrency: number, ratio: number })) }),
]);

function advice<const Code extends string, Evidence extends v.ObjectEntries>(code: Code, evidence: Evidence) {
  return v.looseObject({ code: v.literal(code), text, evidence: v.looseObject(evidence) });
}

const atLeast = v.exactOptional(v.literal(true));
const streamedEvidence = {
  outputTokensPerSecond: v.exactOptional(estimate),
  firstTokenP95Ms: v.exactOptional(estimate),
};

/** What the analysis recommends. */
export const recommendation: v.GenericSchema<unknown, Recommendation> = v.variant("code", [
  v.looseObject({
    code: v.literal("operating-point"),
    text,
    batchSize: number,
    concurrency: number,
    runnersUp: v.array(v.looseObject({ batchSize: number, concurrency: number })),
    evidence: v.looseObject({
      predictionsPerSecond: estimate,
      requestsPerSecond: estimate,
      p95Ms: estimate,
      ...batchingEntries,
      ...streamedEvidence,
      atLeast,
    }),
  }),
  v.looseObject({
    code: v.literal("batch-size"),
    text,
    batchSize: number,
    runnersUp: numbers,
    evidence: v.looseObject({
      predictionsPerSecond: estimate,
      speedup: nullableEstimate,
      concurrency: number,
      largestTried: v.boolean(),
      ...batchingEntries,
      atLeast,
    }),
  }),
  v.looseObject({
    code: v.literal("concurrency"),
    text,
    concurrency: number,
    runnersUp: numbers,
    evidence: v.looseObject({
      requestsPerSecond: estimate,
      p95Ms: estimate,
      ...streamedEvidence,
      batchSize: number,
      highestTried: v.boolean(),
      atLeast,
    }),
  }),
  advice("preload", { overheadMs: estimate, thresholdMs: number }),
  advice("no-preload-needed", { overheadMs: estimate, thresholdMs: number }),
  advice("batch-plateau", { plateauBatchSize: number, optimalBatchSize: number }),
  advice("reduce-contention", {
    degradationPercent: estimate,
    bestConcurrency: number,
    fastestConcurrency: v.exactOptional(number),
    highestConcurrency: number,
    otherPoint: v.exactOptional(v.boolean()),
  }),
  advice("scale-out", queueing),
  advice("efficient-point", efficiencyEntries),
  advice("relieve-host", host),
  advice("unthrottle", throttled),
  advice("use-idle-gpus", { gpu: gpuLoadSchema, idleDevices: numbers }),
  advice("watch-leak", { bytesPerRequest: estimate, requests: number }),
  advice("watch-gpu-leak", gpuGrowth),
  v.looseObject({ code: v.literal("reduce-fragmentation"), text, evidence: numbersByName }),
  v.looseObject({ code: v.literal("no-fragmentation"), text, evidence: numbersByName }),
  advice("fix-errors", {
    test: kind,
    requests: number,
    failed: number,
    levels: v.exactOptional(levels),
    byClient: v.exactOptional(number),
  }),
  advice("heed-limit", rateLimit),
  advice("stronger-client", clientLimit),
  advice("quiet-client", { ...clientLimit, busy: v.looseObject(busyMachineEntries) }),
  advice("repeat-run", drift),
  advice("size-without-cache", cacheCheckEntries),
]);

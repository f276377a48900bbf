import type { Bottleneck } from "../results/finding.ts";
import type { TestResults } from "../results/result.ts";
import { isServersOwn, isUsable } from "../results/window/usable.ts";
import type { Window } from "../results/window/window.ts";
import type { Circumstances } from "./circumstances.ts";
import { type GpuLoad, gpuLoadOf } from "./gpu_load.ts";
import { serverShareOf } from "./lone_request.ts";
import { bottleneckOf, type RecommendationRule } from "./rule.ts";
import { isSaturated } from "./scaling.ts";
import { serverDevice } from "./server_device.ts";
import { THRESHOLDS } from "./thresholds.ts";

/**
 * What the server's own work is limited by (method 15): the computation of a busy GPU, or the host that an idle one waits
 * for. Of a server without a GPU it is computation where the server works for most of a lone request's latency and more load
 * brings no more throughput.
 */
export function workBound(tests: TestResults, circumstances: Circumstances): Bottleneck | null {
  if (serverDevice(tests, circumstances) !== "cpu") {
    const load = gpuLoadOf(tests);
    return load === null ? null : gpuComputeBound(load, tests) ?? hostBound(load, tests);
  }
  const evidence = serverShareOf(tests);
  return evidence !== null && isWorking(tests) ? { code: "bottleneck", bottleneck: "compute", evidence } : null;
}

/** A GPU that takes as much power at rest as under load is kept busy by others: then it shows nothing of the server. */
function gpuComputeBound({ isBusy, evidence: gpu }: GpuLoad, tests: TestResults): Bottleneck | null {
  const { powerWatts, idlePowerWatts } = gpu;
  const isOthers = powerWatts !== null && idlePowerWatts !== null &&
    powerWatts <= THRESHOLDS.restPowerRatio * idlePowerWatts;
  if (!isBusy || isOthers) return null;
  return { code: "bottleneck", bottleneck: "compute", evidence: { gpu, saturated: isSaturated(tests) } };
}

/**
 * The GPU of a saturated server idles, and neither the client nor the transfer takes the time. An offered rate may leave it
 * idle by itself.
 */
function hostBound({ isIdle, window, evidence: gpu }: GpuLoad, tests: TestResults): Bottleneck | null {
  if (!isIdle || !isServersOwn(window) || window.load.kind === "open" || !isSaturated(tests)) return null;
  const transferShare = transferShareIn(window);
  if (transferShare === null ? !isWorking(tests) : transferShare >= THRESHOLDS.transferShare) return null;
  const server = serverShareOf(tests);
  const evidence = {
    gpu,
    server,
    transferShare,
    largerBatchesTried: hasLargerBatches(tests, gpu.batchSize),
    ...isLargestBatch(tests, gpu.batchSize) ? { largestBatch: true as const } : {},
  };
  return { code: "bottleneck", bottleneck: "host", evidence };
}

/** A streamed answer is read while it is made. */
function transferShareIn({ latencyMs, sendingMs, readingMs, firstTokenMs }: Window): number | null {
  return latencyMs && sendingMs && readingMs && firstTokenMs === undefined
    ? (sendingMs.mean.value + readingMs.mean.value) / latencyMs.mean.value
    : null;
}

/** Whether the server works for most of a lone request's latency, and more load brings no more throughput. */
export function isWorking(tests: TestResults): boolean {
  return (serverShareOf(tests)?.serverShare ?? 0) >= THRESHOLDS.computeServerShare && isSaturated(tests);
}

/** Whether larger batches were measured, and none of them may be faster. */
function hasLargerBatches({ throughput }: TestResults, batchSize: number): boolean {
  if (throughput === undefined || throughput.optimumRivals?.some((rival) => rival > batchSize)) return false;
  return throughput.levels.some((level) => level.batchSize > batchSize && isUsable(level));
}

/** Whether no larger batches can be had: those that were asked for were left out. */
function isLargestBatch({ throughput }: TestResults, batchSize: number): boolean {
  return throughput?.absences["levels"] !== undefined &&
    throughput.levels.every((level) => level.batchSize <= batchSize);
}

/** Throttled: the GPU runs below its clock for much of the time, and not for want of work. */
export function throttledBound(tests: TestResults): Bottleneck | null {
  const load = gpuLoadOf(tests);
  if (load === null || load.isIdle || load.evidence.utilizationPercent === null) return null;
  const { throttledShare, throttledBy, temperatureCelsius } = load.gpu;
  if (throttledShare === null || throttledShare < THRESHOLDS.limitingThrottledShare) return null;
  const evidence = { gpu: load.evidence, throttledShare, throttledBy, temperatureCelsius };
  return { code: "bottleneck", bottleneck: "throttled", evidence };
}

/** Less work of the host for each kernel, or more kernels at a time, where the GPU waits for it. */
export const relieveHost: RecommendationRule = (_tests, findings) => {
  const host = bottleneckOf(findings, "host");
  return host && { code: "relieve-host", evidence: host.evidence };
};

/** More power or cooling, where the GPU runs below its clock for want of them. */
export const unthrottle: RecommendationRule = (_tests, findings) => {
  const throttled = bottleneckOf(findings, "throttled");
  return throttled && { code: "unthrottle", evidence: throttled.evidence };
};

/** Work for every GPU, where one is busy and others idle. */
export const useIdleGpus: RecommendationRule = (_tests, findings) => {
  const evidence = bottleneckOf(findings, "compute")?.evidence;
  if (evidence === undefined || !("gpu" in evidence)) return null;
  const { gpu } = evidence;
  const idleDevices = gpu.devices.filter((_, i) => (gpu.utilizationByDevice?.[i] ?? 100) < THRESHOLDS.idleGpuPercent);
  return idleDevices.length === 0 ? null : { code: "use-idle-gpus", evidence: { gpu, idleDevices } };
};

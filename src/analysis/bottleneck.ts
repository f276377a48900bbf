import type { Bottleneck, Finding, MissingEvidence, QueueingEvidence } from "../results/finding.ts";
import type { ResultKind, TestResults } from "../results/kinds.ts";
import { bestPoint } from "../results/kinds/operating_points.ts";
import { holdsEnough, isServersOwn } from "../results/window/usable.ts";
import type { Window } from "../results/window/window.ts";
import { bestWindows, windowsOf } from "../results/windows.ts";
import type { Circumstances } from "./circumstances.ts";
import { clientLimitOf } from "./client.ts";
import { gpuAbsenceOf, gpuLoadOf } from "./gpu_load.ts";
import { serverShareOf, serverTimeOf, transferOf } from "./lone_request.ts";
import type { FindingOf } from "./rule.ts";
import { isSaturated } from "./scaling.ts";
import { serverDevice } from "./server_device.ts";
import { THRESHOLDS } from "./thresholds.ts";
import { isWorking, throttledBound, workBound } from "./work_limit.ts";

/** Kinds whose windows tell the most of what limits the server under load, the most telling first. */
const MOST_TELLING: readonly ResultKind[] = ["scalability", "throughput", "load", "basic"];

/**
 * The client: it limited the fastest level of a test, so that the server's own limit was not seen. Where a test of
 * several levels saw it, one of a single load says nothing against that.
 */
export function clientBound(tests: TestResults): Bottleneck | null {
  let isSeen = false;
  for (const { kind: test, spec, result } of bestWindows(tests, MOST_TELLING)) {
    const windows = spec.windows(result).filter(({ window }) => holdsEnough(window));
    const fastest = windows.toSorted((a, b) => rate(b.window) - rate(a.window))[0];
    if (fastest === undefined) continue;
    if (!fastest.window.clientLimited) {
      isSeen = true;
      continue;
    }
    if (isSeen && spec.axis === null) continue;
    const limited = windows.filter(({ window }) => window.clientLimited);
    return { code: "bottleneck", bottleneck: "client", evidence: clientLimitOf(test, result, limited) };
  }
  return null;
}

const rate = ({ predictionsPerSecond }: Window) => predictionsPerSecond?.value ?? 0;

// PyTorch, CUDA, ONNX Runtime, glibc and the Linux kernel in their own words.
const OUT_OF_MEMORY = /out of memory|failed to allocate|cannot allocate|bad_alloc|oom[- ]?kill/i;

/** Memory: a request failed because the server had none left. */
export function memoryBound(tests: TestResults): Bottleneck | null {
  for (const { kind: test, level, window } of windowsOf(tests)) {
    const message = Object.values(window.failureExamples).find((example) => OUT_OF_MEMORY.test(example));
    if (message) return { code: "bottleneck", bottleneck: "memory", evidence: { test, level, message } };
  }
  return null;
}

/**
 * Transfer: a lone request takes most of its latency to be handed over and its answer to be read. Where it is not known when
 * it was handed over, most of its latency passes outside the server's own work.
 */
export function transferBound(tests: TestResults): Bottleneck | null {
  const moved = transferOf(tests);
  if (moved !== null) {
    return moved.transferShare < THRESHOLDS.transferShare
      ? null
      : { code: "bottleneck", bottleneck: "transfer", evidence: moved };
  }
  const evidence = serverShareOf(tests);
  return evidence && evidence.serverShare < THRESHOLDS.transferServerShare
    ? { code: "bottleneck", bottleneck: "transfer", evidence }
    : null;
}

/**
 * Queueing: past saturation, latency grows as concurrency does. Where a higher level may yet be faster by more than the
 * sweep's tolerance, nobody knows where saturation begins; and where more requests at a time came out best together with a
 * batch size, it is not there.
 */
export function queueingBound({ scalability, "operating-points": together }: TestResults): Bottleneck | null {
  const usable = scalability?.levels.filter(isServersOwn) ?? [];
  const saturation = usable.find(({ concurrency }) => concurrency === scalability?.optimalConcurrency);
  const lowest = usable[0], highest = usable.at(-1);
  if (!scalability || !lowest?.requestsPerSecond || !highest?.latencyMs) return null;
  if (!saturation?.requestsPerSecond || !saturation.latencyMs) return null;
  if (scalability.optimumRivals?.some((rival) => rival > saturation.concurrency)) return null;
  if ((bestPoint(together?.points ?? [])?.concurrency ?? 0) > saturation.concurrency) return null;
  const concurrencyGrowth = highest.concurrency / saturation.concurrency;
  const latencyGrowth = highest.latencyMs.mean.value / saturation.latencyMs.mean.value;
  if (concurrencyGrowth < THRESHOLDS.queueingSpan) return null;
  if (latencyGrowth < THRESHOLDS.queueingLinearity * concurrencyGrowth) return null;
  const queueMs = highest.server?.queueMs ?? null;
  const evidence: QueueingEvidence = {
    saturationConcurrency: saturation.concurrency,
    highestConcurrency: highest.concurrency,
    requestsPerSecond: saturation.requestsPerSecond,
    throughputGain: saturation.requestsPerSecond.value / lowest.requestsPerSecond.value,
    lowestConcurrency: lowest.concurrency,
    latencyGrowth,
    sigma: scalability.usl?.sigma ?? null,
    ...(queueMs === null ? {} : { queueMs }),
  };
  return { code: "bottleneck", bottleneck: "queueing", evidence };
}

/** Loading, where the first answer costs far more than the ones after, and a whole sweep met no other limit. */
export function coldStartBound({ latency, throughput, scalability }: TestResults): Bottleneck | null {
  if (throughput?.partial !== null && scalability?.partial !== null) return null;
  const overheadMs = latency?.overheadMs ?? null;
  const warm = latency?.warm?.latencyMs ?? null;
  if (!latency?.cold || warm === null || overheadMs === null) return null;
  if (overheadMs.value <= THRESHOLDS.coldOverheadMs) return null;
  const evidence = { overheadMs, coldMs: latency.cold.totalMs.mean, warmMs: warm.mean };
  return { code: "bottleneck", bottleneck: "cold-start", evidence };
}

/** What would have to be known to tell. */
function cannotTell(tests: TestResults, circumstances: Circumstances): Bottleneck {
  const serverShare = serverShareOf(tests)?.serverShare ?? null;
  const gpu = serverDevice(tests, circumstances) === "cpu" ? undefined : gpuLoadOf(tests)?.evidence;
  const gpuAbsence = gpuAbsenceOf(tests);
  const missing = missingEvidence(tests, circumstances);
  const evidence = {
    missing,
    serverShare,
    ...(gpu === undefined ? {} : { gpu }),
    ...(gpuAbsence === null || !missing.includes("gpu") ? {} : { gpuAbsence }),
  };
  return { code: "bottleneck", bottleneck: "unknown", evidence };
}

function missingEvidence(tests: TestResults, circumstances: Circumstances): MissingEvidence[] {
  const windows = windowsOf(tests);
  if (windows.length > 0 && windows.every(({ window }) => window.succeeded === 0)) return ["success"];
  const missing: MissingEvidence[] = [];
  if (!tests.basic || serverTimeOf(tests.basic) === null) missing.push("server-time");
  else if (tests.basic.concurrency !== 1) missing.push("single-request-latency");
  if (!tests.scalability && !tests.throughput) missing.push("sweep");
  else if (!isSaturated(tests)) missing.push("saturation");
  const device = serverDevice(tests, circumstances);
  // A GPU was seen, and yet not how busy it was, where its driver does not tell or the window was too short.
  if (device === "cpu" || (gpuLoadOf(tests)?.evidence.utilizationPercent ?? null) !== null) return missing;
  if (device === "gpu") missing.push("gpu");
  else if (isWorking(tests)) missing.push("device");
  return missing;
}

// In the order of what must be mended first: a limit further down cannot be trusted while one above stands.
const CAUSES: readonly ((tests: TestResults, circumstances: Circumstances) => Bottleneck | null)[] = [
  clientBound,
  memoryBound,
  transferBound,
  throttledBound,
  workBound,
];

/**
 * What limits the server, the main limit first. A slow start limits nothing once the server is warm, so it is the
 * answer only where nothing else is.
 *
 * @param tests The results.
 * @param circumstances What else is known of the run.
 * @returns At least one finding; `unknown`, alone or before queueing, where the results do not show it.
 */
export function bottlenecks(tests: TestResults, circumstances: Circumstances = {}): FindingOf<"bottleneck">[] {
  const causes = CAUSES.flatMap((rule) => rule(tests, circumstances) ?? []);
  // That requests wait does not tell for what.
  const undecided = causes.length === 0 && isWorking(tests) ? [cannotTell(tests, circumstances)] : [];
  const steady = [...causes, ...undecided, ...[queueingBound(tests)].filter((found) => found !== null)];
  const found = steady.length > 0 ? steady : [coldStartBound(tests) ?? cannotTell(tests, circumstances)];
  return found.map((bottleneck) => ({ ...bottleneck, severity: severityOf(bottleneck) }));
}

function severityOf({ bottleneck }: Bottleneck): Finding["severity"] {
  if (bottleneck === "memory") return "critical";
  return bottleneck === "client" || bottleneck === "throttled" ? "warning" : "info";
}

import { THRESHOLDS } from "../analysis/thresholds.ts";
import type {
  Bottleneck,
  GpuLoadEvidence,
  MissingEvidence,
  QueueingEvidence,
  ServerShareEvidence,
} from "../results/finding.ts";
import { hostInWords, loadPointInWords, throttledInWords, utilizationInWords } from "./gpu/gpu_limit_in_words.ts";
import { type Inline, joined, say } from "./inline.ts";
import { inlineEstimate, inlineNumber, inlineTime, inlineTimeValue } from "./inline_quantity.ts";
import { UNITS } from "./quantity.ts";
import type { Statement } from "./statement.ts";
import { clientInWords, enumerate, levelsInWords, shareInWords, shortened } from "./words.ts";

type Of<Kind extends Bottleneck["bottleneck"]> = Extract<Bottleneck, { bottleneck: Kind }>["evidence"];

const MISSING: Readonly<Record<MissingEvidence, string>> = {
  "success": "requests that succeed",
  "server-time": "the server's own time per request",
  "single-request-latency": "the latency of lone requests (a basic test with concurrency 1)",
  "sweep": "a scalability or throughput test",
  "saturation": "levels that are sure to saturate the server",
  "gpu": "what its GPU did meanwhile",
  "device": "whether it computes on a GPU, and how busy that was",
};

function queueingInWords(evidence: QueueingEvidence): Inline {
  const { saturationConcurrency, highestConcurrency, requestsPerSecond, throughputGain, latencyGrowth } = evidence;
  const { sigma, queueMs, lowestConcurrency } = evidence;
  const serial = sigma === null ? [] : say` (serial share sigma ${inlineEstimate(sigma, UNITS.none)})`;
  // Without a single request at a time nobody knows what one gets.
  const manner = lowestConcurrency === 1 && throughputGain < THRESHOLDS.serialGain
    ? "the server answers one request after the other"
    : "the server is saturated";
  const throughput = inlineEstimate(requestsPerSecond, UNITS.requestsPerSecond);
  return joined([
    say`${manner}${serial}. From concurrency ${saturationConcurrency} to ${highestConcurrency} throughput `,
    say`grows no more (${throughput}) and latency grows ${inlineNumber(latencyGrowth, UNITS.times)}: `,
    say`requests only wait`,
    ...(queueMs === undefined ? [] : [say`, ${inlineTime(queueMs)} each in the server's own queue`]),
    ".",
  ]);
}

function clientLimitInWords(evidence: Of<"client">): Inline {
  const { test, levels } = evidence;
  const use = clientInWords(evidence);
  return joined([
    say`at ${levelsInWords(test, levels)} this client, not the server, may have set the numbers${use}: `,
    "the server's own limit was not seen.",
  ]);
}

function memoryLimitInWords({ test, level, message }: Of<"memory">): Inline {
  const where = levelsInWords(test, level === null ? [] : [level]);
  return say`the server ran out of it at ${where} ("${shortened(message)}").`;
}

/** How much of a lone request's latency the server works. */
function workInWords({ latencyMs, serverMs, serverShare }: ServerShareEvidence): Inline {
  const work = say`${inlineTimeValue(serverMs)} (${shareInWords(serverShare)})`;
  return say`of the ${inlineTimeValue(latencyMs)} that a lone request takes, the server works ${work}`;
}

function transferInWords(evidence: Of<"transfer">): Inline {
  if ("serverShare" in evidence) return say`${workInWords(evidence)}; the rest is network, encoding and decoding.`;
  const { latencyMs, sendingMs, readingMs, transferShare } = evidence;
  return joined([
    say`of the ${inlineTimeValue(latencyMs)} that a lone request takes, handing it over takes `,
    say`${inlineTimeValue(sendingMs)} and reading its answer ${inlineTimeValue(readingMs)} `,
    say`(${shareInWords(transferShare)} together).`,
  ]);
}

function computeInWords(evidence: Of<"compute">): Inline {
  if ("serverShare" in evidence) return say`${workInWords(evidence)}, and more load brings no more throughput.`;
  const { gpu, saturated } = evidence;
  // Utilisation does not tell how much of the GPU a kernel fills.
  const more = saturated
    ? ", and more load brings no more throughput"
    : ". A kernel need not fill the GPU: whether more load brings more throughput was not seen";
  return say`at ${loadPointInWords(gpu)} ${utilizationInWords(gpu)}${more}.`;
}

function coldStartInWords({ coldMs, warmMs }: Of<"cold-start">): Inline {
  return joined([
    say`the first answer takes ${inlineTimeValue(coldMs)}, a warm one ${inlineTimeValue(warmMs)}; `,
    "within the levels measured nothing else was seen to limit the server.",
  ]);
}

function unknownInWords({ missing, serverShare, gpu, gpuAbsence }: Of<"unknown">): Statement {
  const label = say`Cannot tell what limits the server`;
  const isOfGpu = gpu !== undefined || missing.includes("gpu") || missing.includes("device");
  const known = [
    ...(serverShare === null || (missing.length > 0 && !isOfGpu)
      ? []
      : [say`it works for ${shareInWords(serverShare)} of a lone request's latency`]),
    ...(gpu === undefined ? [] : [say`at ${loadPointInWords(gpu)} ${utilizationInWords(gpu)}${betweenInWords(gpu)}`]),
  ];
  const why = gpuAbsence === undefined ? "" : ` (${gpuAbsence})`;
  const lacking = missing.length === 0 ? "" : `Missing: ${enumerate(missing.map((item) => MISSING[item]))}${why}.`;
  if (known.length === 0) return { label: null, evidence: joined([say`${label}.`, ...lacking ? [lacking] : []], " ") };
  return { label, evidence: joined([say`${joined(known, "; ")}.`, ...lacking ? [lacking] : []], " ") };
}

/** That a GPU is neither busy nor idle, where it is so. */
function betweenInWords({ devices, utilizationPercent }: GpuLoadEvidence): string {
  const isBetween = devices.length === 1 && utilizationPercent !== null &&
    utilizationPercent >= THRESHOLDS.idleGpuPercent && utilizationPercent < THRESHOLDS.busyGpuPercent;
  return isBetween ? ", so that the GPU neither idles nor is busy throughout" : "";
}

/** What limits the server, one sentence or two. */
export function bottleneckInWords(found: Bottleneck): Statement {
  switch (found.bottleneck) {
    case "client":
      return { label: say`Client`, evidence: clientLimitInWords(found.evidence) };
    case "memory":
      return { label: say`Memory`, evidence: memoryLimitInWords(found.evidence) };
    case "transfer":
      return { label: say`Transfer`, evidence: transferInWords(found.evidence) };
    case "compute":
      return { label: say`Compute`, evidence: computeInWords(found.evidence) };
    case "host":
      return { label: say`Host`, evidence: hostInWords(found.evidence) };
    case "throttled":
      return { label: say`Throttled`, evidence: throttledInWords(found.evidence) };
    case "queueing":
      return { label: say`Queueing`, evidence: queueingInWords(found.evidence) };
    case "cold-start":
      return { label: say`Cold start`, evidence: coldStartInWords(found.evidence) };
    case "unknown":
      return unknownInWords(found.evidence);
  }
}

import { THRESHOLDS } from "../analysis/thresholds.ts";
import type { Bottleneck, MissingEvidence, QueueingEvidence } from "../results/finding.ts";
import { formatEstimate, formatNumber, formatTime, UNITS } from "./quantity.ts";
import { clientInWords, enumerate, levelsInWords, shareInWords, shortened } from "./words.ts";

const MISSING: Readonly<Record<MissingEvidence, string>> = {
  "success": "requests that succeed",
  "server-time": "the server's own time per request",
  "single-request-latency": "the latency of lone requests (a basic test with concurrency 1)",
  "sweep": "a scalability or throughput test",
  "saturation": "levels high enough to saturate the server",
};

function queueingInWords(evidence: QueueingEvidence): string {
  const {
    saturationConcurrency,
    highestConcurrency,
    requestsPerSecond,
    throughputGain,
    latencyGrowth,
    sigma,
    queueMs,
  } = evidence;
  const serial = sigma === null ? "" : ` (serial share sigma ${formatEstimate(sigma, UNITS.none)})`;
  const manner = throughputGain < THRESHOLDS.serialGain
    ? `the server answers one request after the other${serial}`
    : `the server is saturated${serial}`;
  return `Queueing: ${manner}. From concurrency ${saturationConcurrency} to ${highestConcurrency} throughput grows no more ` +
    `(${formatEstimate(requestsPerSecond, UNITS.requestsPerSecond)}) and latency grows ${
      formatNumber(latencyGrowth, UNITS.times)
    }: requests only wait${queueMs === undefined ? "" : `, ${formatTime(queueMs)} each in the server's own queue`}.`;
}

/** What limits the server, one sentence or two. */
export function bottleneckInWords(found: Bottleneck): string {
  switch (found.bottleneck) {
    case "client": {
      const { test, levels, cpuShare, ceilingPerSecond } = found.evidence;
      return `Client: at ${levelsInWords(test, levels)} this client, not the server, may have set the numbers` +
        `${clientInWords(cpuShare, ceilingPerSecond)}: the server's own limit was not seen.`;
    }
    case "memory": {
      const { test, level, message } = found.evidence;
      return `Memory: the server ran out of it at ${levelsInWords(test, level === null ? [] : [level])} ("${
        shortened(message)
      }").`;
    }
    case "transfer": {
      const { latencyMs, serverMs, serverShare } = found.evidence;
      return `Transfer: of the ${formatTime(latencyMs.value)} that a lone request takes, the server works ` +
        `${formatTime(serverMs.value)} (${shareInWords(serverShare)}); the rest is network, encoding and decoding.`;
    }
    case "compute": {
      const { latencyMs, serverMs, serverShare } = found.evidence;
      return `Compute: of the ${formatTime(latencyMs.value)} that a lone request takes, the server works ` +
        `${formatTime(serverMs.value)} (${shareInWords(serverShare)}), and more load brings no more throughput.`;
    }
    case "queueing":
      return queueingInWords(found.evidence);
    case "cold-start": {
      const { coldMs, warmMs } = found.evidence;
      return `Cold start: the first answer takes ${formatTime(coldMs.value)}, a warm one ${
        formatTime(warmMs.value)
      }; ` +
        "within the levels measured nothing else was seen to limit the server.";
    }
    case "unknown": {
      const { missing, serverShare } = found.evidence;
      return missing.length > 0
        ? `Cannot tell what limits the server. Missing: ${enumerate(missing.map((item) => MISSING[item]))}.`
        : "Cannot tell what limits the server" +
          (serverShare === null ? "." : `: it works for ${shareInWords(serverShare)} of a lone request's latency.`);
    }
  }
}

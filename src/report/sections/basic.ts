import type { BasicResult } from "../../results/result.ts";
import { type Block, heading, list } from "./block.ts";
import { formatEstimate, formatNumber, formatTime, formatTimeEstimate, UNITS } from "../../words/quantity.ts";
import { serverTimeLines } from "./server_time.ts";
import { cutNotice, latencyLines, notMeasured, successLines } from "./shared.ts";

function loadInWords({ concurrency, offered }: BasicResult): string {
  if (offered === undefined) return `concurrency ${concurrency}`;
  return `${formatNumber(offered.offeredPerSecond, UNITS.requestsPerSecond)} offered (open loop), ` +
    `at most ${concurrency} outstanding`;
}

/** What an open loop has to say besides: whether the server kept up, and the client with its own clock. */
function offeredLines({ offered }: BasicResult): string[] {
  if (offered === undefined) return [];
  const { saturated, unanswered, latenessMs, serviceMs } = offered;
  return [
    saturated
      ? `Saturated: the server did not keep up${unanswered > 0 ? `, ${unanswered} requests were not answered` : ""}; ` +
        "latencies grow with the length of the run"
      : "The server kept up; latencies count from the moment due",
    ...(latenessMs === null ? [] : [`Send lateness: p95 ${formatTime(latenessMs.p95.value)}`]),
    ...(serviceMs === null ? [] : [`Latency from sending: ${formatTimeEstimate(serviceMs.mean)} average`]),
  ];
}

/** One run at one concurrency and batch size, or at one arrival rate. */
export function basicSection(result: BasicResult): Block[] {
  const { requestsPerSecond, predictionsPerSecond, latencyMs, firstByteMs, serverMs, batchSize } = result;
  const throughput = requestsPerSecond === null || predictionsPerSecond === null
    ? notMeasured(result, ["requestsPerSecond", "latencyMs"])
    : formatEstimate(requestsPerSecond, UNITS.requestsPerSecond) +
      (batchSize === 1 ? "" : `, ${formatEstimate(predictionsPerSecond, UNITS.predictionsPerSecond)}`);
  const share = serverMs && latencyMs
    ? ` (${formatNumber(100 * serverMs.mean.value / latencyMs.mean.value, UNITS.percent)} of latency)`
    : "";
  return [
    heading("🚀", "BASIC TEST RESULTS"),
    ...cutNotice(result),
    list([
      `Load: ${loadInWords(result)}, batch size ${batchSize}, ${formatTime(result.durationMs)}`,
      ...offeredLines(result),
      `Throughput: ${throughput}`,
      ...successLines(result),
      ...(result.succeeded > 0 && !result.converged
        ? ["Precision: not converged; a longer --duration narrows it"]
        : []),
    ]),
    { kind: "subheading", emoji: null, title: `Latency: ${latencyMs?.n ?? "no"} samples` },
    list(
      latencyMs === null ? [notMeasured(result, ["latencyMs"])] : [
        ...latencyLines(latencyMs),
        `First byte: ${
          firstByteMs === null ? notMeasured(result, ["firstByteMs"]) : formatTimeEstimate(firstByteMs.mean)
        }`,
        `Server time: ${
          serverMs === null ? notMeasured(result, ["serverMs"]) : formatTimeEstimate(serverMs.mean) + share
        }`,
        ...serverTimeLines(result, result.server),
      ],
    ),
  ];
}

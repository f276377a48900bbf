import type { BasicResult } from "../../core/result.ts";
import { type Block, heading, list } from "../block.ts";
import { formatEstimate, formatNumber, formatTime, formatTimeEstimate, UNITS } from "../quantity.ts";
import { cutNotice, latencyLines, notMeasured, successLines } from "./shared.ts";

/** One run at one concurrency and batch size. */
export function basicSection(result: BasicResult): Block[] {
  const { requestsPerSecond, predictionsPerSecond, latencyMs, firstByteMs, serverMs, concurrency, batchSize } = result;
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
      `Load: concurrency ${concurrency}, batch size ${batchSize}, ${formatTime(result.durationMs)}`,
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
      ],
    ),
  ];
}

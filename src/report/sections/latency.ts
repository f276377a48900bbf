import type { ColdSample, FirstCycle, LatencyResult } from "../../results/result.ts";
import { ascending } from "../../stats/estimates/ascending.ts";
import { quantile } from "../../stats/estimates/quantile.ts";
import { type Inline, say } from "../../words/inline.ts";
import { inlineTime, inlineTimeEstimate } from "../../words/inline_quantity.ts";
import { formatNumber, UNITS } from "../../words/quantity.ts";
import { counted } from "../../words/words.ts";
import {
  type Block,
  column,
  type Fact,
  fact,
  facts,
  type FactValue,
  heading,
  remark,
  row,
  subheading,
  table,
} from "./block.ts";
import { clientPartFacts } from "./window/client_time.ts";
import { goodputFacts } from "./window/goodput.ts";
import { gpuFacts } from "./window/gpu.ts";
import { serverStartBlocks } from "./server_starts.ts";
import {
  cutFacts,
  figureValue,
  isCut,
  latencyFacts,
  notices,
  precisionFacts,
  rangeFact,
  successFacts,
} from "./shared.ts";
import { weightFacts } from "./window/weight_facts.ts";

const median = (numbers: readonly number[]) => quantile(ascending(numbers), 0.5);

function madeOf(samples: readonly ColdSample[]): Inline {
  const loads = samples.flatMap(({ loadMs }) => loadMs ?? []);
  const first = inlineTime(median(samples.map(({ firstInferenceMs }) => firstInferenceMs)));
  return loads.length > 0
    ? say`load ${inlineTime(median(loads))}, first inference ${first} (medians)`
    : say`first inference ${first} (median); the server loads on the first request`;
}

/** How many processes a cold start started, and what the server tells of them; nothing where it starts none. */
function workerFacts(samples: readonly ColdSample[]): Fact[] {
  const all = samples.flatMap(({ workers }) => workers ?? []);
  if (all.length === 0) return [];
  const counts = ascending(all.map(({ count }) => count));
  const low = counts[0]!, high = counts.at(-1)!;
  const starts = all.flatMap(({ startMs }) => startMs ?? []),
    handlers = all.flatMap(({ handlerMs }) => handlerMs ?? []);
  const slowest = high === 1 ? "" : "slowest ";
  const start = starts.length === 0
    ? say``
    : say`; ${slowest}${inlineTime(median(starts))} from process start to loaded model (median)`;
  const handler = handlers.length === 0
    ? say``
    : say`; first inference ${inlineTime(median(handlers))} in the handler (median)`;
  return [fact("Workers", say`${low === high ? low : `${low} to ${high}`} started each time${start}${handler}`)];
}

/** The first cycle, and whether it is one of the others' kind as far as they show it. */
function firstInWords({ totalMs, sinceStart, expectedMs }: FirstCycle): Inline {
  const when = sinceStart ? "the first since the server's start" : "perhaps the first since the server's start";
  const apart = say`${inlineTime(totalMs)}, not averaged in, ${when}`;
  if (expectedMs === null) return apart;
  const { low, high } = expectedMs;
  const place = totalMs > high ? "above" : totalMs < low ? "below" : "within";
  return say`${apart}: ${place} ${inlineTime(low)} to ${inlineTime(high)}, where 95% of cycles like the others lie`;
}

function coldBlocks(result: LatencyResult): Block[] {
  const { firstCycle = null } = result;
  const first = firstCycle === null ? [] : [fact("First cycle", firstInWords(firstCycle))];
  if (result.cold === null) {
    return [
      subheading("Cold Start Times", figureValue(result, "cold_start_mean", inlineTimeEstimate)),
      ...(first.length === 0 ? [] : [facts(first)]),
    ];
  }
  const { samples, totalMs } = result.cold;
  const incomplete = result.absences["cold.samples"];
  return [
    subheading("Cold Start Times", counted(totalMs.n, "sample")),
    facts([
      fact("Average", inlineTimeEstimate(totalMs.mean)),
      fact("95th percentile", inlineTimeEstimate(totalMs.p95)),
      rangeFact(totalMs),
      fact("Made of", madeOf(samples)),
      ...workerFacts(samples),
      ...first,
      ...(incomplete === undefined ? [] : [fact("Incomplete", incomplete)]),
      fact("Absence seen by", samples[0]?.evidence ?? "nothing"),
    ]),
  ];
}

function overhead(result: LatencyResult): FactValue {
  const { overheadPercent } = result;
  return figureValue(result, "cold_start_overhead", (overheadMs) => {
    const sign = overheadMs.value > 0 ? "+" : "";
    if (overheadPercent === null) return say`${sign}${inlineTimeEstimate(overheadMs)}`;
    const manner = overheadPercent.value < 0 ? "faster" : "slower";
    const percent = formatNumber(Math.round(Math.abs(overheadPercent.value)), UNITS.percent);
    return say`${sign}${inlineTimeEstimate(overheadMs)} (${percent} ${manner})`;
  });
}

function warmUpCurve({ warmUpCurveMs }: LatencyResult): Block[] {
  if (warmUpCurveMs === null || warmUpCurveMs.length < 2) return [];
  const longest = Math.max(...warmUpCurveMs);
  return [
    subheading("Inferences after a load (medians)"),
    table(
      [column("Inference", { after: ":" }), column("Median latency")],
      warmUpCurveMs.slice(0, 5).map((latencyMs, index) =>
        row([index + 1, inlineTime(latencyMs)], { barShare: latencyMs / longest })
      ),
    ),
  ];
}

/** Cold starts against warm ones. */
export function latencySection(result: LatencyResult): Block[] {
  const { warm } = result;
  const latencyMs = warm?.latencyMs ?? null;
  return [
    heading(2, "Latency test results", { emoji: "🥶🔥" }),
    ...notices(result),
    ...serverStartBlocks(result),
    ...coldBlocks(result),
    subheading("Warm Start Times", counted(latencyMs?.n, "sample")),
    facts([
      ...(latencyMs === null
        ? [remark(figureValue(result, "warm_latency_mean", inlineTimeEstimate))]
        : latencyFacts(latencyMs)),
      ...(warm === null ? [] : [...clientPartFacts([warm]), ...weightFacts(warm)]),
      ...(warm !== null && warm.failed > 0 ? successFacts(warm) : []),
      ...(warm === null ? [] : cutFacts(warm)),
      ...precisionFacts(warm === null || latencyMs === null || warm.converged || isCut(warm)),
      ...(warm === null ? [] : goodputFacts(warm)),
      ...(warm === null ? [] : gpuFacts(result, warm)),
    ]),
    subheading("Cold Start Overhead", overhead(result)),
    ...warmUpCurve(result),
  ];
}

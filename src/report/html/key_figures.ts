import type { Distribution, Estimate } from "../../core/estimate.ts";
import { isSameLoad } from "../../results/evidence/load_point.ts";
import type { Efficiency } from "../../results/finding.ts";
import { countedBy } from "../../results/kinds/counted_by.ts";
import type { ResultKind, TestResults } from "../../results/kinds.ts";
import type { LevelWindow } from "../../results/kinds/kind.ts";
import type { LatencyResult } from "../../results/kinds/latency.ts";
import { atLeast } from "../../results/window/at_least.ts";
import { rateOf } from "../../results/window/load.ts";
import type { Window } from "../../results/window/window.ts";
import { distinctWindows, leadingWindow } from "../../results/windows.ts";
import { changeText } from "../../words/estimate/change_text.ts";
import { displayUnit } from "../../words/display_unit.ts";
import { loadPointInWords } from "../../words/gpu/gpu_limit_in_words.ts";
import { interval, quantity, say, type Words } from "../../words/inline.ts";
import { inlineBytes, inlineNumber, inlineTimeValue } from "../../words/inline_quantity.ts";
import { capacityFigures } from "./capacity_figures.ts";
import { estimateFigure as figure, type KeyFigure } from "./key_figure.ts";
import { streamedFigures } from "./streamed_figures.ts";
import { formatShare, timeUnit, type Unit, UNITS } from "../../words/quantity.ts";

export type { KeyFigure };

/** A measured load, and which of its rates is the answer. */
interface BestLoad {
  readonly source: ResultKind;
  readonly window: Window;
  readonly context: Words;
  readonly rate: Estimate | null;
  /** Whether the rate is the least that the server can do, since the client was the limit. */
  readonly isBound: boolean;
  readonly unit: Unit;
  readonly latencyMs: Distribution | null;
  readonly energy: Estimate | null;
}

/**
 * The numbers that the reader wants first: the effect of an A/B test, throughput and p95 latency at the best load, energy and
 * cost, cold start, memory, success.
 *
 * @param tests Results; what none of them measured is left out.
 * @param efficiency What the analysis made of energy and price; left out where neither is known.
 */
export function keyFigures(tests: TestResults, efficiency?: Efficiency): KeyFigure[] {
  const capacity = tests.load?.capacity ?? null;
  if (capacity !== null) return capacityFigures(capacity);
  return [
    ...abFigures(tests),
    ...loadFigures(bestLoad(tests)),
    ...(efficiency === undefined ? [] : efficiencyFigures(efficiency)),
    ...coldFigures(tests),
    ...memoryFigures(tests),
    ...successFigures(tests),
  ];
}

function bestLoad(tests: TestResults): BestLoad | null {
  const leading = leadingWindow(tests);
  if (leading === null) return null;
  const { kind, spec, best } = leading;
  const { window } = best;
  const what = countedBy(spec);
  return {
    source: kind,
    window,
    context: loadInWords(best),
    rate: atLeast(window, what),
    isBound: window.clientLimited,
    unit: what === "predictions" ? UNITS.predictionsPerSecond : UNITS.requestsPerSecond,
    latencyMs: window.latencyMs,
    energy: window.gpu?.energyPerPrediction ?? null,
  };
}

function loadInWords({ batchSize, window: { load } }: LevelWindow): Words {
  const batch = `batch ${batchSize ?? load.batchSize}`;
  if (load.kind === "closed" && load.promptWords !== undefined) {
    return `prompts of ${load.promptWords} words, concurrency ${load.concurrency}`;
  }
  if (load.kind === "closed") return `${batch}, concurrency ${load.concurrency}`;
  const rate = rateOf(load.arrivals);
  return rate === null ? `${batch}, trace` : say`${batch}, ${inlineNumber(rate, UNITS.requestsPerSecond)} offered`;
}

function loadFigures(best: BestLoad | null): KeyFigure[] {
  if (best === null || best.rate === null) return [];
  const { window, latencyMs, rate, isBound, unit, context, source, energy } = best;
  return [
    ...streamedFigures(window, context, source),
    figure(isBound ? "Throughput, at least" : "Throughput", rate, unit, context, source),
    ...(latencyMs === null
      ? []
      : [figure("p95 latency", latencyMs.p95, timeUnit(latencyMs.p95.value), "at that load", source)]),
    ...(energy === null
      ? []
      : [figure("Energy a prediction", energy, displayUnit("J", energy.value), "GPU, at that load", source)]),
  ];
}

/** The least energy a prediction, and what a million cost at the load of the cards before. */
function efficiencyFigures({ fastest, mostEfficient }: Efficiency): KeyFigure[] {
  const energy = mostEfficient?.energyPerPrediction ?? null;
  const { costPerMillion, test, atLeast } = fastest;
  return [
    ...(mostEfficient === null || energy === null ? [] : [
      figure(
        "Least energy a prediction",
        energy,
        displayUnit("J", energy.value),
        isSameLoad(mostEfficient, fastest) ? "at that load" : loadPointInWords(mostEfficient),
        mostEfficient.test,
      ),
    ]),
    ...(costPerMillion === undefined ? [] : [
      figure(
        atLeast ? "A million predictions, at most" : "A million predictions",
        costPerMillion,
        UNITS.dollars,
        "at the fastest load",
        test,
      ),
    ]),
  ];
}

/** The effect that the verdict of an A/B test is about. */
function abFigures({ ab }: TestResults): KeyFigure[] {
  const ratio = ab?.effects.throughput.ratio ?? null;
  if (ratio === null || ab === undefined) return [];
  const { verdict, blocks } = ab;
  const { value, suffix, interval: ends } = changeText(ratio);
  return [{
    label: "Throughput, B against A",
    value: quantity(value + suffix),
    interval: interval(ends),
    context: `${verdict}, over ${blocks.length} blocks`,
    source: "ab",
    isBad: verdict === "worse",
  }];
}

function coldFigures({ latency }: TestResults): KeyFigure[] {
  if (latency?.starts) {
    const { mean } = latency.starts.totalMs;
    const context = "process start to first prediction";
    return [figure("Start of the server", mean, timeUnit(mean.value), context, "latency"), ...cycleFigures(latency)];
  }
  return latency === undefined ? [] : cycleFigures(latency);
}

function cycleFigures(latency: LatencyResult): KeyFigure[] {
  if (latency.cold === null) return [];
  const { mean } = latency.cold.totalMs;
  const warm = latency.warm?.latencyMs ?? null;
  const context = warm === null ? "load and first inference" : say`warm: ${inlineTimeValue(warm.mean)}`;
  return [figure("Cold start", mean, timeUnit(mean.value), context, "latency")];
}

/** The footprint on the GPU where there is one, else in host memory. */
function memoryFigures({ memory }: TestResults): KeyFigure[] {
  const onGpu = memory?.gpu?.modelFootprintBytes ?? null;
  const footprint = onGpu ?? memory?.modelFootprintBytes ?? null;
  if (!memory || footprint === null) return [];
  const peak = (onGpu === null ? memory.peak?.cpuBytes : memory.peak?.gpuBytes) ?? null;
  const where = onGpu === null ? "server" : "GPU";
  return [{
    label: onGpu === null ? "Model footprint" : "Model footprint on the GPU",
    value: footprint > 0 ? inlineBytes(footprint) : "within noise",
    interval: "",
    context: peak === null
      ? (onGpu === null ? "host memory" : "GPU memory")
      : say`${where}'s peak: ${inlineBytes(peak)}`,
    source: "memory",
    isBad: false,
  }];
}

function successFigures(tests: TestResults): KeyFigure[] {
  const all = distinctWindows(tests);
  // A rate that was offered to find the end of the server leaves requests unanswered by intent.
  const kept = all.filter(({ window: { saturated } }) => saturated !== true && saturated !== null);
  const windows = kept.length === 0 ? all : kept;
  const sum = (count: (window: Window) => number) => windows.reduce((total, { window }) => total + count(window), 0);
  const requests = sum((window) => window.requests + (window.unanswered ?? 0));
  const succeeded = sum((window) => window.succeeded);
  const source = windows[0]?.kind;
  if (requests === 0 || source === undefined) return [];
  return [{
    label: "Requests answered",
    value: formatShare(succeeded, requests),
    interval: "",
    context: `${succeeded.toLocaleString("en-US")} of ${requests.toLocaleString("en-US")} ${
      windows.length === all.length ? "measured" : "at loads that were kept up with"
    }`,
    source,
    isBad: succeeded < requests,
  }];
}

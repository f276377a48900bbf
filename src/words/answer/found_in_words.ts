import {
  KINDS,
  type ResultByKind,
  type ResultKind,
  resultsOf,
  type TestResult,
  type TestResults,
} from "../../results/kinds.ts";
import { readFigure } from "../../results/figures.ts";
import type { AbResult } from "../../results/kinds/ab.ts";
import type { BasicResult } from "../../results/kinds/basic.ts";
import type { LatencyResult } from "../../results/kinds/latency.ts";
import type { ScalabilityResult } from "../../results/kinds/scalability.ts";
import type { ThroughputResult } from "../../results/kinds/throughput.ts";
import { estimateOf, isAbsent } from "../../results/measured.ts";
import { rateOf } from "../../results/window/load.ts";
import { isOnlyOne } from "../../results/window/usable.ts";
import { onlyOne } from "../window/only_one.ts";
import type { Recommendation } from "../../results/recommendation.ts";
import { isOpen, type Window } from "../../results/window/window.ts";
import { changeText } from "../estimate/change_text.ts";
import { capitalized, type Inline, joined, say } from "../inline.ts";
import { inlineNumber, inlineParts, inlineRate, inlineTimeEstimate } from "../inline_quantity.ts";
import type { Found } from "./found.ts";
import { ofLoad } from "./load_found.ts";
import { ofMemory } from "./memory_found.ts";
import { ofPrompts } from "./prompts_found.ts";
import { formatNumber, type Unit, UNITS } from "../quantity.ts";

const NOTHING: Found = { found: null, next: null };

const FOUND: { readonly [K in ResultKind]?: (result: ResultByKind[K]) => Found } = {
  basic: ofBasic,
  latency: ofLatency,
  throughput: ofThroughput,
  scalability: ofScalability,
  prompts: ofPrompts,
  memory: ofMemory,
  load: ofLoad,
  ab: ofAb,
};

/** Recommendations that name a level with its figures: what was found is no more than that. */
const TELLING: ReadonlySet<Recommendation["code"]> = new Set(["operating-point", "batch-size", "concurrency"]);

/**
 * What the only test of a run found. Its figures are those of the test's section, and read as they do there.
 *
 * @param tests Results by kind.
 * @param recommendations What the analysis made of them.
 * @returns Nothing where there are several tests, whose answer is what their results recommend together.
 */
export function foundInWords(tests: TestResults, recommendations: readonly Recommendation[]): Found {
  const [only, ...others] = resultsOf(tests);
  if (only === undefined || others.length > 0 || recommendations.some(({ code }) => TELLING.has(code))) return NOTHING;
  const ofKind = FOUND[only.kind] as ((result: TestResult) => Found) | undefined;
  const { found, next } = ofKind?.(only.result) ?? NOTHING;
  const isPreloaded = recommendations.some(({ code }) => code === "no-preload-needed");
  return { found, next: isPreloaded ? say`Preloading is not needed.` : next };
}

const rate = (perSecond: number) => inlineNumber(perSecond, UNITS.requestsPerSecond);

function ofBasic(result: BasicResult): Found {
  const { requestsPerSecond, predictionsPerSecond, latencyMs, batchSize, load, clientLimited, saturated } = result;
  if (requestsPerSecond === null || latencyMs === null) return NOTHING;
  const latency = say`latency ${inlineTimeEstimate(latencyMs.mean)} on average, p95 ${
    inlineTimeEstimate(latencyMs.p95)
  }`;
  const requests = inlineRate(requestsPerSecond, UNITS.requestsPerSecond, clientLimited);
  const offered = load.kind === "open" ? rateOf(load.arrivals) : null;
  if (isOpen(result)) {
    const what = offered === null ? say`the rate offered` : say`${rate(offered)} offered`;
    if (saturated === null) {
      return {
        found: say`Whether the server keeps up with ${what} cannot be told: it answered ${requests}.`,
        next: say`A longer duration tells, and so does a load further from what the server can do.`,
      };
    }
    if (saturated && clientLimited) {
      const many = capitalized(say`${what} was too much for this client`);
      return {
        found: say`${many}, so that the server's own end was not seen: ${requests}.`,
        next: say`Measure with a stronger client, or offer less.`,
      };
    }
    return saturated
      ? {
        found: say`The server does not keep up with ${what}: it answered ${requests}.`,
        next: say`Offer less: the load test tells the highest rate that it keeps up with.`,
      }
      : {
        found: say`The server keeps up with ${what}: ${latency}.`,
        next: say`The load test tells the highest rate that it keeps up with.`,
      };
  }
  const predictions = batchSize === 1 || predictionsPerSecond === null
    ? []
    : say`, ${inlineRate(predictionsPerSecond, UNITS.predictionsPerSecond, clientLimited)}`;
  const concurrency = load.kind === "closed" ? load.concurrency : 1;
  const requestsInWords = concurrency === 1 ? "One request" : `${concurrency} requests`;
  const each = batchSize === 1 ? "a single item each" : `${batchSize} items each`;
  const { firstTokenMs, tokenMs, outputTokensPerSecond: tokens } = result;
  if (firstTokenMs) {
    const output = tokens ? say`${inlineRate(tokens, UNITS.tokensPerSecond, clientLimited)}, ` : [];
    const then = tokenMs ? say`then ${inlineTimeEstimate(tokenMs.mean)} a token, ` : [];
    return {
      found: joined([
        say`${requestsInWords} at a time: ${output}first token after ${inlineTimeEstimate(firstTokenMs.mean)}, ${then}`,
        say`whole answers after ${inlineTimeEstimate(latencyMs.mean)} on average.`,
      ]),
      next: say`Whether the server does more with more requests at a time, the scalability test tells.`,
    };
  }
  return {
    found: say`${requestsInWords} at a time, ${each}: ${requests}${predictions}, ${latency}.`,
    next:
      say`Whether the server does more with larger batches or more requests at a time, the throughput and scalability tests tell.`,
  };
}

function ofLatency({ starts, cold, warm, absences }: LatencyResult): Found {
  const warmMs = warm?.latencyMs ?? null;
  const start = starts
    ? say`The server starts in ${inlineTimeEstimate(starts.totalMs.mean)}, to its first prediction. `
    : [];
  const warmly = warmMs === null ? [] : say`a warm request ${inlineTimeEstimate(warmMs.mean)}`;
  if (cold === null) {
    const why = absences["cold"];
    const unknown = why === undefined ? [] : say`; what a cold start takes could not be measured: ${why}`;
    const told = joined([
      start,
      ...(warmMs === null ? [] : [say`A warm request takes ${inlineTimeEstimate(warmMs.mean)}${unknown}.`]),
    ]);
    return { found: told.length === 0 ? null : told, next: null };
  }
  return {
    found: say`${start}A cold start takes ${inlineTimeEstimate(cold.totalMs.mean)}${
      warmMs === null ? "" : ", "
    }${warmly}.`,
    next: null,
  };
}

function ofThroughput(result: ThroughputResult): Found {
  return ofSweep(result, "max_predictions_per_second", {
    unit: UNITS.predictionsPerSecond,
    optimum: result.optimalBatchSize,
    level: result.levels.find(({ batchSize }) => batchSize === result.optimalBatchSize),
  });
}

function ofScalability(result: ScalabilityResult): Found {
  return ofSweep(result, "peak_requests_per_second", {
    unit: UNITS.requestsPerSecond,
    optimum: result.optimalConcurrency,
    level: result.levels.find(({ concurrency }) => concurrency === result.optimalConcurrency),
  });
}

/** The best level of a sweep, where no recommendation tells it. */
function ofSweep(
  result: ThroughputResult | ScalabilityResult,
  figure: string,
  { unit, optimum, level }: {
    readonly unit: Unit;
    readonly optimum: number | null;
    readonly level: Window | undefined;
  },
): Found {
  const best = estimateOf(readFigure(result, figure));
  if (best === null || optimum === null || level === undefined) return NOTHING;
  const axis = KINDS[result.kind].axis?.label ?? "level";
  const which = isOnlyOne(result.levels) ? onlyOne(result.levels) : "the best of those measured";
  return {
    found: say`${inlineRate(best, unit, level.clientLimited)} at ${axis} ${optimum}, ${which}.`,
    next: result.levels.length === 1 ? say`Measure others as well to find the best one.` : null,
  };
}

/** Latencies that differ, where the throughput does not tell which server is faster. */
function latencyEffects({ effects: { p50, p95 } }: AbResult): Inline {
  const differing = ([["median latency", p50], ["p95 latency", p95]] as const).flatMap(([name, { ratio, verdict }]) =>
    ratio !== null && (verdict === "better" || verdict === "worse")
      ? [say`${name} (${inlineParts(changeText(ratio))}, ${verdict})`]
      : []
  );
  return joined(differing, " and its ");
}

/** Servers whose answers differ in length. */
function ofUnlike({ a, b }: AbResult, why: string): Found {
  const rates = [a, b].flatMap(({ outputTokensPerSecond: tokens, clientLimited }) =>
    tokens ? [inlineRate(tokens, UNITS.tokensPerSecond, clientLimited)] : []
  );
  const at = rates.length < 2 ? [] : say`, at ${joined(rates, " and ")}`;
  return {
    found: say`Which server is faster cannot be told: ${why}${at}.`,
    next: say`Have both write on to the limit (ignore_eos) to compare them.`,
  };
}

function ofAb(result: AbResult): Found {
  const { verdict, effects: { throughput }, blocks, absences: { verdict: why } } = result;
  const ratio = readFigure(result, "throughput_ratio");
  if (isAbsent(ratio)) return { found: say`Which server is faster cannot be told: ${ratio.detail}.`, next: null };
  if (why !== undefined) return ofUnlike(result, why);
  const over = `over ${blocks.length} ${blocks.length === 1 ? "block" : "blocks"}`;
  const effect = say`throughput ${inlineParts(changeText(ratio))} ${over}`;
  switch (verdict) {
    case "better":
      return { found: say`B is faster: ${effect}.`, next: say`Take B.` };
    case "worse":
      return { found: say`B is slower: ${effect}.`, next: say`Keep A.` };
    case "no difference found": {
      const { smallestShown } = throughput;
      const unseen = smallestShown === null
        ? "more blocks would show a smaller one"
        : `one of ${formatNumber(100 * smallestShown, UNITS.percent)} would have shown four times in five`;
      const latency = latencyEffects(result);
      return {
        found: latency.length === 0
          ? say`No difference was found: ${effect}; ${unseen}.`
          : say`No difference of throughput was found: ${effect}; ${unseen}. B differs in its ${latency}.`,
        next: latency.length > 0
          ? say`Run more blocks to see whether it is faster all in all.`
          : say`Choose by something other than speed, or run more blocks to see a smaller difference.`,
      };
    }
    case "cannot tell":
      return { found: say`Whether B is faster cannot be told: ${effect}.`, next: say`Run more blocks.` };
  }
}

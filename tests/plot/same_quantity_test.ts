import { assertEquals, assertMatch, assertNotMatch, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import type { Estimate } from "../../src/core/estimate.ts";
import type { ThroughputResult } from "../../src/results/result.ts";
import { gpuCharts } from "../../src/plot/gpu.ts";
import { plotLatency } from "../../src/plot/latency.ts";
import { plotScalability } from "../../src/plot/scalability.ts";
import { plotThroughput } from "../../src/plot/throughput.ts";
import { formatHtml } from "../../src/report/html/format_html.ts";
import { formatText } from "../../src/report/text/format_text.ts";
import { formatEstimate, formatTimeEstimate } from "../../src/words/estimate/estimate_text.ts";
import { utilizationInWords } from "../../src/words/gpu/gpu_limit_in_words.ts";
import { plainText } from "../../src/words/inline.ts";
import { recommendationInWords } from "../../src/words/recommendation_in_words.ts";
import { formatTime, timeUnit, UNITS } from "../../src/words/quantity.ts";
import { timeValue } from "../../src/words/inline_quantity.ts";
import { basicResult } from "../results/kinds/basic_result.ts";
import { scalabilityResult } from "../results/kinds/scalability_result.ts";
import { throughputResult } from "../results/kinds/throughput_result.ts";
import { gpuUse } from "../results/window/gpu_use.ts";
import { reportOf } from "../report/report_of.ts";
import { markupOf } from "../report/html/markup_of.ts";

const spaced = (text: string) => text.replaceAll(/\u00a0|&#160;/g, " ");
/** The words of a page, its tables and charts among them. */
const words = (html: string) => spaced(html.replaceAll(/<style>.*?<\/style>|<[^>]+>/gs, " ")).replaceAll(/\s+/g, " ");

/** A sweep of one batch size with one rate and one mean latency. */
function oneLevel(rate: Estimate, meanMs: number): ThroughputResult {
  const result = throughputResult({ 1: 100 });
  const [level] = result.levels;
  const latencyMs = { ...level!.latencyMs!, mean: { ...level!.latencyMs!.mean, value: meanMs, low: null, high: null } };
  return { ...result, levels: [{ ...level!, latencyMs, predictionsPerSecond: rate }], maxPredictionsPerSecond: rate };
}

/** A rate with its interval and a time, as a table of the text, a table of the page and a chart show them. */
function shown(rate: Estimate, timeMs: number): { rates: (string | undefined)[]; times: (string | undefined)[] } {
  const throughput = oneLevel(rate, timeMs);
  const report = reportOf({ throughput });
  const text = formatText(report, { width: 200 }), page = words(markupOf(formatHtml(report)));
  const chart = spaced(plotThroughput(throughput).description);
  const basic = basicResult();
  const p50 = { ...basic.latencyMs!.p50, value: timeMs, low: null, high: null };
  const latency = plotLatency({ ...basic, latencyMs: { ...basic.latencyMs!, p50 } });
  const inTable = /(?<rate>[\d.,]+ pred\/s) (?<interval>\[[^\]]*\]) (?<time>[\d.,]+ \w+)/;
  const row = inTable.exec(text.slice(text.indexOf("Batch 1:")))?.groups;
  const cells = inTable.exec(page.slice(page.indexOf("95% interval Mean latency")))?.groups;
  return {
    rates: [
      `${row?.rate} ${row?.interval}`,
      `${cells?.rate} ${cells?.interval}`,
      /the only one measured: ([^\]]*\])/.exec(chart)?.[1],
    ],
    times: [row?.time, cells?.time, /p50 ([\d.,]+ \w+)/.exec(spaced(latency.svg))?.[1]],
  };
}

Deno.test("a time and a rate read the same in a table of the text, in a table of the page and in a chart", () => {
  const rate: Estimate = { value: 145.6712, low: 143.2, high: 148.04, level: 0.95, n: 118 };
  const { rates, times } = shown(rate, 0.3);
  assertEquals(times, ["0.300 ms", "0.300 ms", "0.300 ms"]);
  assertEquals(rates, Array(3).fill("146 pred/s [143, 148]"));
  const { rates: open } = shown({ ...rate, high: null }, 0.04);
  assertEquals(open, Array(3).fill("146 pred/s [at least 143]"));
});

Deno.test("whatever a value is, it reads the same in text, page and chart", () => {
  const size = fc.double({ min: -4, max: 5, noNaN: true }).map((power) => 10 ** power);
  const share = fc.option(fc.double({ min: 0.001, max: 0.9, noNaN: true }));
  fc.assert(
    fc.property(size, size, share, share, (value, timeMs, below, above) => {
      const low = below === null ? null : value * (1 - below), high = above === null ? null : value * (1 + above);
      const rate: Estimate = { value, low, high, level: 0.95, n: 50 };
      const { rates, times } = shown(rate, timeMs);
      assertEquals(rates, Array(3).fill(formatEstimate(rate, UNITS.predictionsPerSecond)));
      assertEquals(times, Array(3).fill(timeValue({ ...rate, value: timeMs, low: null, high: null })));
    }),
    { numRuns: 20 },
  );
});

Deno.test("a number reads the same with its interval and without", () => {
  // A whole number without an interval is as it is.
  const value = fc.double({ min: 0.05, max: 50_000, noNaN: true })
    .filter((value) => !Number.isInteger(value / timeUnit(value).divisor));
  // Intervals as they are where something is measured: a wider one says that nearly nothing is known, a narrower one adds a digit.
  const reach = fc.double({ min: 0.011, max: 0.49, noNaN: true });
  fc.assert(fc.property(value, reach, (value, reach) => {
    const estimate = { value, low: value * (1 - reach), high: value * (1 + reach), level: 0.95, n: 50 };
    assertEquals(formatTimeEstimate(estimate).split(" [")[0], formatTime(value));
  }));
});

Deno.test("a chart breaks no line inside a quantity", () => {
  const { svg } = plotThroughput(oneLevel({ value: 12_345, low: 11_945, high: null, level: 0.95, n: 9 }, 3));
  assertStringIncludes(svg, "12,345\u00a0pred/s\u00a0[at\u00a0least\u00a011,945]");
  assertMatch(plotLatency(basicResult()).description, /up to \S+\u00a0ms\u00a0\[\S+,\u00a0\S+\]/);
});

Deno.test("a loss and a gain read in advice, tables and charts as they do with their interval", () => {
  const degradationPercent = { value: 34.2, low: 12, high: 55, level: 0.95, n: 80 };
  const scalability = scalabilityResult(undefined, { degradationPercent });
  assertStringIncludes(formatText(reportOf({ scalability })), "Degradation: 34% [12, 55]");
  assertStringIncludes(plotScalability(scalability).description, "At the highest level 34% of the best is lost.");
  const evidence = { degradationPercent, bestConcurrency: 4, highestConcurrency: 32 };
  const advice = recommendationInWords({ code: "reduce-contention", evidence });
  assertEquals(plainText(advice.evidence!), "throughput is 34% lower at 32");
  const swept = throughputResult({ 1: 10, 64: 256.34 });
  const text = formatText(reportOf({ throughput: swept }), { width: 200 });
  assertStringIncludes(text, "25.6x");
  assertNotMatch(text, /25\.63/);
  assertStringIncludes(plotThroughput(swept).description, "25.6\u00a0times batch\u00a01");
});

Deno.test("how busy a GPU was reads the same in table, bottleneck and chart", () => {
  const gpu = gpuUse({ utilizationPercent: 47.3, powerWatts: 9.87 });
  const swept = throughputResult({ 1: 10, 4: 20 });
  const throughput = { ...swept, levels: swept.levels.map((level) => ({ ...level, gpu })) };
  assertStringIncludes(formatText(reportOf({ throughput }), { width: 200 }), "47% busy");
  const load = { test: "throughput", batchSize: 4, concurrency: 1, ratePerSecond: null, ...gpu } as const;
  assertEquals(plainText(utilizationInWords(load)), "a kernel ran 47% of the time (9.87 W, 125 W at rest)");
  const [chart] = gpuCharts("throughput", throughput);
  for (const title of ["4: 47%", "4: 9.87 W"]) assertStringIncludes(spaced(chart!.svg), `<title>${title}</title>`);
});

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { plotThroughput } from "../../src/plot/throughput.ts";
import { formatEstimate } from "../../src/words/estimate/estimate_text.ts";
import { UNITS } from "../../src/words/quantity.ts";
import { timeValue } from "../../src/words/inline_quantity.ts";
import { galleryCharts } from "./gallery.ts";
import { throughput } from "./synthetic.ts";

/** Groups of marks that stand for something measured; axes, grids and words have names of their own. */
const MARKS = /<g[^>]* aria-label="(dot|bar|rect)"[^>]*>(.*?)<\/g>/gs;

Deno.test("every dot, bar and rectangle of every chart says what it is to who points at it", async (t) => {
  for (const { name, chart } of galleryCharts()) {
    await t.step(name, () => {
      for (const [, mark, drawn = ""] of chart.svg.matchAll(MARKS)) {
        const shapes = drawn.match(/<(circle|path|rect)\b/g)?.length ?? 0;
        const titles = [...drawn.matchAll(/<title>([^<]*)<\/title>/g)].map(([, title]) => title!);
        assertEquals(titles.length, shapes, `${mark}: ${drawn.slice(0, 200)}`);
        for (const title of titles) assert(title.length > 0 && !/NaN|undefined|null|Infinity/.test(title), title);
      }
    });
  }
});

Deno.test("a level of a sweep says the same at each of its marks: rate with interval, percentiles, failures", () => {
  const result = throughput();
  const { svg } = plotThroughput(result);
  for (const level of result.levels) {
    const { batchSize, predictionsPerSecond: rate, latencyMs } = level;
    if (rate === null || latencyMs === null || level.clientLimited) continue;
    const title = `batch ${batchSize}: ${formatEstimate(rate, UNITS.predictionsPerSecond)}, ` +
      `p50 ${timeValue(latencyMs.p50)}, p95 ${timeValue(latencyMs.p95)}, p99 ${timeValue(latencyMs.p99)}`;
    const marks = svg.split(title).length - 1;
    assert(marks >= 5, `${title}: ${marks}`);
  }
  assertStringIncludes(svg, "no request succeeded");
});

Deno.test("sweeps show throughput against latency where two levels have both", () => {
  assertStringIncludes(plotThroughput(throughput()).description, "Throughput against latency, by batch size.");
  assert(!plotThroughput(throughput({ sizes: [8] })).description.includes("against latency"));
});

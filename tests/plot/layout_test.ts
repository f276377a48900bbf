import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { latencyCurve, shareUpTo } from "../../src/plot/panels/latency_curve.ts";
import { latencyHistogram } from "../../src/plot/panels/latency_histogram.ts";
import { plotComparison } from "../../src/plot/comparison.ts";
import { levelAxis } from "../../src/plot/kit/axis.ts";
import { plotScalability } from "../../src/plot/scalability.ts";
import { plotThroughput } from "../../src/plot/throughput.ts";
import { reduceSeries } from "../../src/plot/kit/reduce_series.ts";
import { laneRows, spreadLabels, textWidth, wrapText } from "../../src/plot/kit/text_layout.ts";
import { basic, scalability, throughput } from "./synthetic.ts";

const levels = fc.uniqueArray(fc.integer({ min: 1, max: 4096 }), { maxLength: 9 }).map((list) =>
  list.toSorted((a, b) => a - b)
);

Deno.test("sweeps of any levels are drawn, whatever failed and however little is known", () => {
  fc.assert(
    fc.property(levels, fc.integer(), fc.boolean(), (sizes, pick, known) => {
      const failing = sizes.filter((size) => (size ^ pick) % 3 === 0);
      const result = throughput({ sizes, failing });
      const vague = known ? result : {
        ...result,
        levels: result.levels.map((level) => ({
          ...level,
          predictionsPerSecond: level.predictionsPerSecond && { ...level.predictionsPerSecond, low: null, high: null },
        })),
      };
      const scaling = scalability({ concurrencies: sizes, fitted: known });
      for (const chart of [plotThroughput(vague), plotScalability(scaling), plotComparison({ a: vague, b: result })]) {
        assert(!/NaN|Infinity|undefined/.test(chart.svgAt(360).replace(/<style>.*?<\/style>/, "")));
      }
    }),
    { numRuns: 25 },
  );
});

Deno.test("levelAxis() labels the first level, the last where it fits, and never two on each other", () => {
  fc.assert(fc.property(levels.filter((list) => list.length > 0), fc.integer({ min: 250, max: 900 }), (list, width) => {
    const { scale, toPixels } = levelAxis(list, "batch size", width);
    const ticks = [...scale.ticks as number[]];
    assertEquals(ticks[0], list[0]);
    if (toPixels(list.at(-1)!) - toPixels(list[0]!) > 60) assertEquals(ticks.at(-1), list.at(-1));
    ticks.slice(1).forEach((tick, k) => assert(toPixels(tick) - toPixels(ticks[k]!) > 8, `${ticks}`));
  }));
});

Deno.test("spreadLabels() keeps the order and the distance", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 12 }), (positions) => {
    const places = spreadLabels(positions, 14);
    const order = positions.map((_, k) => k).sort((a, b) => positions[a]! - positions[b]! || a - b);
    order.slice(1).forEach((k, at) => assert(places[k]! - places[order[at]!]! >= 14 - 1e-9));
  }));
});

Deno.test("laneRows() puts no label on another of its row", () => {
  const label = fc.record({ start: fc.integer({ min: 0, max: 300 }), width: fc.integer({ min: 1, max: 90 }) });
  fc.assert(fc.property(fc.array(label, { maxLength: 10 }), (labels) => {
    const rows = laneRows(labels);
    labels.forEach((a, i) =>
      labels.slice(0, i).forEach((b, j) => {
        if (rows[i] === rows[j]) assert(a.start >= b.start + b.width || b.start >= a.start + a.width);
      })
    );
  }));
});

Deno.test("wrapText() keeps each line inside its width", () => {
  fc.assert(fc.property(fc.string({ maxLength: 200 }), fc.integer({ min: 60, max: 600 }), (text, width) => {
    for (const line of wrapText(text, width, 12)) assert(textWidth(line, 12) <= width, line);
  }));
});

Deno.test("reduceSeries() keeps the lowest and the highest of a series, and every point's count", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer(), { minLength: 1, maxLength: 500 }),
      fc.integer({ min: 1, max: 50 }),
      (ys, most) => {
        const buckets = reduceSeries(ys.map((y, x) => ({ x, y })), most);
        assert(buckets.length <= most);
        assertEquals(Math.max(...buckets.map(({ high }) => high)), Math.max(...ys));
        assertEquals(Math.min(...buckets.map(({ low }) => low)), Math.min(...ys));
        assertEquals(buckets.reduce((sum, { n }) => sum + n, 0), ys.length);
      },
    ),
  );
});

Deno.test("latencyHistogram() counts each request once, from latencies as from their quantiles", () => {
  const run = basic({ n: 2000 }), curve = latencyCurve(run)!;
  const counted = latencyHistogram(curve, 2000, run.timeline).bins, read = latencyHistogram(curve, 2000).bins;
  for (const bins of [counted, read]) {
    assert(Math.abs(bins.reduce((sum, { count }) => sum + count, 0) - 2000) < 1e-6);
  }
  counted.forEach(({ count }, k) =>
    assert(Math.abs(count - read[k]!.count) < 30, `bin ${k}: ${count}, ${read[k]!.count}`)
  );
});

Deno.test("shareUpTo() is the inverse of the curve", () => {
  const curve = latencyCurve(basic({ n: 1000 }))!;
  for (const { share, latencyMs } of curve.slice(1, -1)) assert(Math.abs(shareUpTo(curve, latencyMs) - share) < 0.011);
});

Deno.test("latencyCurve() falls back on the summary where neither latencies nor quantiles were kept", () => {
  const { latencyQuantiles: _, ...run } = basic({ n: 5000 });
  assertEquals(latencyCurve(run)?.length, 6);
  assertEquals(latencyCurve({ ...run, succeeded: 0 }), null);
});

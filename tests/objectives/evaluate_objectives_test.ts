import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Estimate } from "../../src/core/estimate.ts";
import { LEVEL_METRICS, metricSpec, OBJECTIVE_METRICS } from "../../src/objectives/metrics.ts";
import { parseObjectives } from "../../src/objectives/parse_objectives.ts";
import { evaluateObjectives, levelFigure, overallVerdict } from "../../src/objectives/evaluate_objectives.ts";
import { limitVerdict } from "../../src/objectives/limit_verdict.ts";
import { basicResult } from "../results/kinds/basic_result.ts";
import { gpuUse } from "../results/window/gpu_use.ts";
import { limited } from "../results/window/limited.ts";
import { streamed } from "../results/window/streamed.ts";
import { failedMeasurement } from "../results/window/windows.ts";

const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const estimate: fc.Arbitrary<Estimate> = fc.tuple(number, number, number, fc.boolean(), fc.boolean())
  .map(([a, b, c, noLow, noHigh]) => {
    const [low, value, high] = [a, b, c].sort((x, y) => x - y) as [number, number, number];
    return { value, low: noLow ? null : low, high: noHigh ? null : high, level: 0.95, n: 50 };
  });

Deno.test("limitVerdict() agrees with every value that the interval leaves possible", () => {
  fc.assert(fc.property(estimate, number, fc.boolean(), (figure, limit, orEqual) => {
    const operator = orEqual ? "<=" : "<";
    const verdict = limitVerdict(figure, { operator, limit });
    const keeps = (value: number) => orEqual ? value <= limit : value < limit;
    const ends = [figure.low ?? -1e300, figure.value, figure.high ?? 1e300];
    if (verdict === "met") assert(ends.every(keeps));
    if (verdict === "missed") assert(!ends.some(keeps));
    if (verdict === "cannot tell") assert(ends.some(keeps) && !ends.every(keeps));
  }));
});

Deno.test("evaluateObjectives() cannot tell what a server kept until it was lost, and knows what it missed", () => {
  const lost = { atMs: 4000, failed: 4, reason: "connection refused" };
  const verdicts = evaluateObjectives(parseObjectives("p99<1s, p50<1ms, errors<9%"), basicResult({ lost }));
  assertEquals(verdicts.map(({ verdict }) => verdict), ["cannot tell", "missed", "cannot tell"]);
});

Deno.test("limitVerdict() is the same for a figure and its mirror image", () => {
  const negative = (end: number | null) => end === null ? null : -end;
  fc.assert(fc.property(estimate, number, (figure, limit) => {
    const mirrored = {
      ...figure,
      value: -figure.value,
      low: negative(figure.high),
      high: negative(figure.low),
    };
    assertEquals(
      limitVerdict(figure, { operator: ">=", limit }),
      limitVerdict(mirrored, { operator: "<=", limit: -limit }),
    );
  }));
});

Deno.test("limitVerdict() never tells the better of a looser limit", () => {
  const rank = { missed: 0, "cannot tell": 1, met: 2 };
  fc.assert(fc.property(estimate, number, fc.double({ min: 0, max: 1e6, noNaN: true }), (figure, limit, slack) => {
    const tight = limitVerdict(figure, { operator: "<", limit });
    const loose = limitVerdict(figure, { operator: "<", limit: limit + slack });
    assert(rank[loose] >= rank[tight]);
  }));
});

Deno.test("levelFigure() finds every metric that a level can tell, and no other", () => {
  const level = basicResult({ gpu: gpuUse(), ...streamed(), ...limited() });
  for (const metric of OBJECTIVE_METRICS) {
    for (const { unit } of metricSpec(metric).units) {
      const figure = levelFigure({ metric, unit }, level);
      assertEquals(figure !== null, LEVEL_METRICS.includes(metric), `${metric} in ${unit}`);
    }
  }
  assertEquals(levelFigure({ metric: "throughput", unit: "predictions/s" }, level), level.predictionsPerSecond);
  assertEquals(levelFigure({ metric: "ttfb-p95", unit: "ms" }, level), level.firstByteMs!.p95);
});

Deno.test("evaluateObjectives() judges the longest latency by what was seen", () => {
  const { max } = basicResult().latencyMs!;
  const of = (text: string) => evaluateObjectives(parseObjectives(text), basicResult())[0]!.verdict;
  assertEquals([of(`max<=${max}ms`), of(`max<${max}ms`)], ["met", "missed"]);
});

Deno.test("evaluateObjectives() has a server that answers nothing miss what is wanted of it", () => {
  const wanted = parseObjectives("p99<1s,throughput>1/s,errors<1%");
  const verdicts = evaluateObjectives(wanted, failedMeasurement()).map(({ verdict }) => verdict);
  assertEquals(verdicts, ["missed", "missed", "missed"]);
});

Deno.test("evaluateObjectives() cannot tell what was not measured", () => {
  const [outcome] = evaluateObjectives(parseObjectives("ttfb-p95<1s"), { ...basicResult(), firstByteMs: null });
  assertEquals([outcome!.verdict, outcome!.measured], ["cannot tell", null]);
});

Deno.test("overallVerdict() needs every objective met and lets one miss decide", () => {
  const all = (...verdicts: ("met" | "missed" | "cannot tell")[]) =>
    overallVerdict(verdicts.map((verdict) => ({ verdict })));
  assertEquals(all("met", "met"), "met");
  assertEquals(all("met", "cannot tell"), "cannot tell");
  assertEquals(all("met", "cannot tell", "missed"), "missed");
});

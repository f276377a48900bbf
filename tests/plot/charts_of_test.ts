import { assert, assertEquals, assertNotMatch, assertStringIncludes } from "@std/assert";
import { chartsOf } from "../../src/plot/charts_of.ts";
import { RESULT_KINDS, type ResultByKind } from "../../src/results/kinds.ts";
import { plotAb } from "../../src/plot/ab.ts";
import { plotComparison } from "../../src/plot/comparison.ts";
import { plotLevels } from "../../src/plot/levels.ts";
import { plotOperatingPoints } from "../../src/plot/operating_points.ts";
import { plotOverview } from "../../src/plot/overview.ts";
import { plotThroughput } from "../../src/plot/throughput.ts";
import { formatHtml } from "../../src/report/html/format_html.ts";
import { promptsResult } from "../results/kinds/prompts_result.ts";
import { reportOf } from "../report/report_of.ts";
import * as synthetic from "./synthetic.ts";
import * as memories from "./synthetic_memory.ts";
import * as streams from "./streams/synthetic_streams.ts";
import * as loads from "./synthetic_loads.ts";

const RESULTS: ResultByKind = {
  basic: synthetic.basic(),
  latency: synthetic.coldStarts(),
  throughput: synthetic.throughput(),
  scalability: synthetic.scalability(),
  prompts: promptsResult(),
  memory: memories.memory(),
  load: loads.load(),
  "operating-points": loads.operatingPoints(),
  ab: loads.ab(),
};

Deno.test("chartsOf() gives every kind of result a chart that says what was found", async (t) => {
  const titles = new Set<string>();
  for (const kind of RESULT_KINDS) {
    await t.step(kind, () => {
      const [chart] = chartsOf(kind, RESULTS[kind]);
      assert(chart !== undefined && !titles.has(chart.title));
      titles.add(chart.title);
      assertStringIncludes(chart.svg, `<title>${chart.title}</title>`);
      assert(/\d/.test(chart.description), chart.description);
    });
  }
});

Deno.test("chartsOf() draws tokens where answers were streamed, and there alone", () => {
  const titles = (streamed: boolean) =>
    [
      chartsOf("basic", streamed ? streams.streamedBasic() : RESULTS.basic),
      chartsOf("scalability", streamed ? streams.streamedScalability() : RESULTS.scalability),
      chartsOf("load", streamed ? streams.streamedLoad() : RESULTS.load),
    ].flat().map(({ title }) => title);
  const own = ["Streamed answers", "Tokens by concurrency", "Tokens by offered rate", "Capacity under objectives"];
  const drawn = (streamed: boolean) => own.filter((name) => titles(streamed).some((title) => title.startsWith(name)));
  assertEquals([drawn(true), drawn(false)], [own, []]);
});

Deno.test("every kind of result has its place in the overview", async (t) => {
  const { description: nothing } = plotOverview(reportOf({}));
  const sheets = new Set([nothing]);
  for (const kind of RESULT_KINDS) {
    await t.step(kind, () => {
      const { description, svg } = plotOverview(reportOf({ [kind]: RESULTS[kind] }));
      assertNotMatch(svg, /No test was run/);
      assert(!sheets.has(description), description);
      sheets.add(description);
    });
  }
  const { description: all } = plotOverview(reportOf(RESULTS));
  assertNotMatch(all, /undefined/);
  const panels = RESULT_KINDS.map((kind) =>
    /\. ([^.]+)\./.exec(plotOverview(reportOf({ [kind]: RESULTS[kind] })).description)![1]!
  );
  for (const panel of panels) assertStringIncludes(all, panel);
});

Deno.test("every kind of result can be compared with another of its kind", async (t) => {
  const titles = new Set<string>();
  for (const kind of RESULT_KINDS) {
    await t.step(kind, () => {
      const other = RESULT_KINDS.find((name) => name !== kind)!;
      const { title, svg, description } = plotComparison({
        "first one": RESULTS[kind],
        "second one": RESULTS[kind],
        "third one": RESULTS[other],
      });
      assert(!titles.has(title), title);
      titles.add(title);
      for (const label of ["first one", "second one"]) {
        assertStringIncludes(svg, label);
        assertStringIncludes(description, `${label}: `);
      }
      assertStringIncludes(description, "Left out, as they are of another test: third one.");
    });
  }
});

Deno.test("chartsOf() adds where the time goes only where the server tells it", () => {
  const titles = (serverMs: typeof RESULTS.basic.serverMs) =>
    chartsOf("basic", { ...RESULTS.basic, serverMs }).map(({ title }) => title);
  assertEquals(titles(RESULTS.basic.serverMs), ["Latency", "Where the time goes"]);
  assertEquals(titles(null), ["Latency"]);
});

Deno.test("plotOperatingPoints() stars no point that fails, however fast it is, and says that it fails", () => {
  const result = loads.operatingPoints();
  const overview = plotOverview(reportOf({ "operating-points": result }));
  for (const { description } of [plotOperatingPoints(result), overview]) {
    assertStringIncludes(description, "Best measured together: batch 16 at concurrency 4");
    assertStringIncludes(description, "Requests failed: 50.0% at 32 × 8.");
  }
  const { description, svg } = plotOperatingPoints({ ...result, points: result.points.slice(0, 1) });
  assertStringIncludes(description, "None qualifies");
  assertNotMatch(svg, />best</);
});

Deno.test("plotThroughput() tells sizes that fail requests from sizes that fail all", () => {
  const none = { optimalBatchSize: null, equivalentBatchSizes: [], maxPredictionsPerSecond: null };
  const said = (failedShare: number) => {
    const measured = synthetic.level({ rate: 100, medianMs: 10, failedShare });
    const level = { ...measured, batchSize: 1, efficiency: null, speedup: null };
    return plotThroughput({ ...synthetic.throughput(), ...none, levels: [level] }).description;
  };
  assertStringIncludes(said(0.02), "No batch size qualifies: at every size 1% of the requests failed, or more.");
  assertStringIncludes(said(1), "No batch size has a throughput: no request succeeded.");
});

Deno.test("plotAb() shows each block, the effect and its interval, and says why there is none", () => {
  const { description, svg } = plotAb(loads.ab({ ratio: 0.9, blocks: 7 }));
  assertStringIncludes(description, "B is slower: throughput -10.0%\u00a0[-11.1,\u00a0-8.9] over 7 blocks.");
  assertEquals(svg.match(/<circle[^>]*r="4" cy/g)?.length, 3 * 7, "a dot for each block in each of three panels");
  const nothing = plotAb(loads.ab({ blocks: 0 })).description;
  assertStringIncludes(nothing, "Throughput: not measured: no block was finished.");
});

Deno.test("a load test has its place in the overview and in a comparison", () => {
  const overview = plotOverview(reportOf({ load: loads.load() })).description;
  assertStringIncludes(overview, "By arrival rate. Latency by arrival rate.");
  assertStringIncludes(overview, "The server kept up with 80\u00a0req/s");
  const compared = plotComparison({ one: loads.load(), two: loads.load({ capacity: 5 }) }).description;
  assertStringIncludes(compared, "Highest rate that the server kept up with, req/s: one 80, two none.");
});

Deno.test("operating points stand in the page as a chart", () => {
  assertStringIncludes(
    formatHtml(reportOf({ "operating-points": loads.operatingPoints() })),
    "Batch size and concurrency",
  );
});

Deno.test("plotLevels() draws any measured loads, those without a success too", () => {
  const measured = { p95Ms: synthetic.estimate(0.3), converged: true };
  const { svg } = plotLevels([
    { label: "a", rate: synthetic.estimate(100), ...measured, isBest: true },
    { label: "b", rate: null, p95Ms: null, converged: false },
  ], { title: "Loads" });
  for (const words of ["100&#160;req/s", "0.300&#160;ms", "not measured", ">best<"]) assertStringIncludes(svg, words);
  assertStringIncludes(plotLevels([], { title: "Loads" }).svg, "Nothing was measured");
});

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { chartsOf } from "../../src/plot/charts_of.ts";
import { overTimeCharts } from "../../src/plot/over_time.ts";
import { RESULT_KINDS, type ResultByKind } from "../../src/results/kinds.ts";
import { promptsResult } from "../results/kinds/prompts_result.ts";
import * as synthetic from "./synthetic.ts";
import * as loads from "./synthetic_loads.ts";
import { memory } from "./synthetic_memory.ts";
import { phaseWindows } from "./phase_windows.ts";
import { withSlices } from "./with_slices.ts";

const RESULTS: ResultByKind = {
  basic: synthetic.basic(),
  latency: synthetic.coldStarts(),
  throughput: synthetic.throughput(),
  scalability: synthetic.scalability(),
  prompts: promptsResult(),
  memory: { ...memory(), loads: phaseWindows() },
  load: loads.load(),
  "operating-points": loads.operatingPoints(),
  ab: loads.ab(),
};

Deno.test("every kind of result shows rate, latency and failures over its time", async (t) => {
  for (const kind of RESULT_KINDS) {
    await t.step(kind, () => {
      const charts = chartsOf(kind, withSlices(kind, RESULTS[kind]) as never);
      const chart = charts.find(({ title }) => title === "Over time");
      assert(chart !== undefined);
      for (const panel of ["Rate", "Latency", "Failed requests"]) assertStringIncludes(chart.description, panel);
      assertMatch(
        chart.svg,
        /<title>[^<]*4\.25 s to 4\.50 s: [\d.,]+ (req|pred)\/s, p50 [^<]*, p95 [^<]*<\/title>/,
      );
    });
  }
});

Deno.test("overTimeCharts() draws nothing of results that kept no slices, and visits of other tests only where there are no own", () => {
  assertEquals(overTimeCharts("throughput", RESULTS.throughput), []);
  const shared = withSlices("throughput", RESULTS.throughput, "scalability");
  assertEquals(overTimeCharts("throughput", shared).length, 1);
});

Deno.test("overTimeCharts() counts predictions where the table of the test does", () => {
  const [batches] = overTimeCharts("throughput", withSlices("throughput", RESULTS.throughput));
  const [phases] = overTimeCharts("memory", withSlices("memory", RESULTS.memory));
  assertStringIncludes(batches!.svg, "pred/s");
  assertStringIncludes(phases!.svg, "req/s");
});

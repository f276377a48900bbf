import { assertMatch, assertNotMatch, assertStringIncludes } from "@std/assert";
import type { Chart } from "../../src/plot/kit/chart.ts";
import { plotComparison } from "../../src/plot/comparison.ts";
import { loadSummary, plotLoad } from "../../src/plot/load.ts";
import { plotOperatingPoints } from "../../src/plot/operating_points.ts";
import { plotOverview } from "../../src/plot/overview.ts";
import { plotScalability } from "../../src/plot/scalability.ts";
import { plotThroughput } from "../../src/plot/throughput.ts";
import { plotTrials } from "../../src/plot/streams/trials.ts";
import type { CapacityProbe } from "../../src/results/kinds/load.ts";
import { capacityReport } from "../report/html/html_fixtures.ts";
import { reportOf } from "../report/report_of.ts";
import { loadResult } from "../results/kinds/load_result.ts";
import { openWindow } from "../results/window/windows.ts";
import * as synthetic from "./synthetic.ts";
import * as loads from "./synthetic_loads.ts";

const sizes = [1, 2, 4, 8, 16], failing: number[] = [];
const throughput = synthetic.throughput({ sizes, failing, limited: [16] });
const concurrencies = [1, 2, 4, 8, 16];
const scalability = synthetic.scalability({ concurrencies, limited: [8, 16] });
const points = loads.operatingPoints({ failing: false, limited: true });

/** What a chart says, with plain spaces. */
const said = ({ description }: Chart) => description.replaceAll("\u00a0", " ");
const drawn = ({ svg }: Chart) => svg.replaceAll(/&#160;|\u00a0/g, " ");

Deno.test("a rate that the client limited is drawn and told as at least that much", async (t) => {
  const charts: [name: string, chart: Chart, told: RegExp, label: string][] = [
    [
      "throughput",
      plotThroughput(throughput),
      /Batch 16 is the best seen: at least 758 pred\/s \(the client was the limit\)\./,
      "at least 758 pred/s",
    ],
    [
      "scalability",
      plotScalability(scalability),
      /Concurrency 16 is the best seen: at least 556 req\/s \(the client was the limit\)\./,
      "at least 556 req/s",
    ],
    [
      "operating points",
      plotOperatingPoints(points),
      /batch 16 at concurrency 4, at least 512 pred\/s \(the client was the limit\), p95/,
      "at least 512 pred/s",
    ],
    [
      "overview",
      plotOverview(reportOf({ throughput, scalability, "operating-points": points })),
      /Best measured together: batch 16 at concurrency 4, at least 512 pred\/s .* at least 758 pred\/s .* at least 556/,
      "at least 758 pred/s",
    ],
    [
      "comparison of points",
      plotComparison({ before: points, after: loads.operatingPoints({ failing: false }) }),
      /May be limited by the client: before\./,
      "at least 512 pred/s",
    ],
  ];
  for (const [name, chart, told, label] of charts) {
    await t.step(name, () => {
      assertMatch(said(chart), told);
      assertStringIncludes(drawn(chart), `>${label}</`);
    });
  }
});

Deno.test("a rate that the client did not limit has its interval, and no words of a limit", () => {
  for (
    const chart of [
      plotThroughput(synthetic.throughput({ sizes, failing })),
      plotScalability(synthetic.scalability({ concurrencies })),
      plotOperatingPoints(loads.operatingPoints({ failing: false })),
    ]
  ) {
    assertMatch(said(chart), /(?:pred|req)\/s \[\d+, \d+\]/);
    assertNotMatch(said(chart) + drawn(chart), /at least|client/);
  }
});

Deno.test("a gain over a batch 1 that the client limited is not told: it is at most so much", () => {
  const toldOf = (limited: number[]) => said(plotThroughput(synthetic.throughput({ sizes, failing, limited })));
  assertStringIncludes(toldOf([]), "times batch 1");
  assertNotMatch(toldOf([1]), /times batch 1/);
});

Deno.test("an optimum that the client did not limit is no bound, whatever other level is one", () => {
  const chart = plotScalability(synthetic.scalability({ limited: [64] }));
  assertStringIncludes(said(chart), "Concurrency 16 is the smallest that reaches the best: 556 req/s [534, 578].");
  assertNotMatch(drawn(chart), />at least \d/);
});

Deno.test("an optimum that is none for sure is told so beside those of other runs", () => {
  const sure = synthetic.scalability({ concurrencies });
  const guess = { ...sure, optimumRivals: [concurrencies.at(-1)!] };
  assertStringIncludes(
    said(plotComparison({ bound: scalability, guess, sure })),
    "Best concurrency: bound 16 (the best seen), guess 16 (a guess), sure 16.",
  );
  assertMatch(said(plotComparison({ bound: throughput, guess: { ...throughput, levels: [] } })), /bound 16 \(the best/);
});

Deno.test("a bound has an open upper end in every sweep", () => {
  const level = openWindow(40), bound = openWindow(40, { clientLimited: true });
  const load = { ...loads.load(), levels: [level], sustainedPerSecond: 40, saturatedPerSecond: null };
  const limited = { ...load, levels: [bound] };
  const dotted = ({ svg }: Chart) => svg.match(/stroke-dasharray="2,2"/g)?.length ?? 0;
  const pairs: [bounded: Chart, free: Chart][] = [
    [plotThroughput(throughput), plotThroughput(synthetic.throughput({ sizes, failing }))],
    [plotScalability(scalability), plotScalability(synthetic.scalability({ concurrencies }))],
    [plotLoad(limited), plotLoad(load)],
    [plotComparison({ a: throughput }), plotComparison({ a: synthetic.throughput({ sizes, failing }) })],
    [plotComparison({ a: scalability }), plotComparison({ a: synthetic.scalability({ concurrencies }) })],
    [plotComparison({ a: limited }), plotComparison({ a: load })],
  ];
  for (const [bounded, free] of pairs) {
    assertStringIncludes(drawn(bounded), ">at least: limited by the client<");
    assertNotMatch(drawn(free), /at least/);
    assertNotMatch(said(bounded), /n is too small/);
    if (dotted(bounded) <= dotted(free)) throw new Error(`${bounded.title}: the upper end is drawn as if known`);
  }
});

Deno.test("a trial of a capacity that the client limited misses nothing by the server", () => {
  const { capacity } = capacityReport.tests.load!;
  const chartOf = (more: Partial<CapacityProbe>) => {
    const [probe] = capacity!.rate.probes;
    const outcomes = probe!.outcomes.map((outcome) => ({ ...outcome, verdict: "missed" as const }));
    const probes = [{ ...probe!, level: 52, saturated: true, outcomes, ...more }];
    const rate = { ...capacity!.rate, highest: 50, lowestMissed: 52, probes };
    return plotTrials(loadResult({ capacity: { ...capacity!, rate, concurrency: { ...rate, probes: [] } } }));
  };
  const open = { ...capacity!.rate, highest: 50, lowestMissed: null, ended: "stopped early" } as const;
  const cut = loadResult({ capacity: { ...capacity!, rate: open } });
  assertStringIncludes(said(plotTrials(cut)), "up to at least 50 req/s offered");
  assertStringIncludes(loadSummary(cut).replaceAll("\u00a0", " "), "it carries at least 50 req/s.");
  const missed = chartOf({ verdict: "missed" });
  assertStringIncludes(drawn(missed), "missed, the server did not keep up");
  const limited = chartOf({ verdict: "unclear", clientLimited: true });
  assertStringIncludes(said(limited), "up to at least 50 req/s offered");
  assertStringIncludes(drawn(limited), "cannot be told, the client was the limit");
  assertNotMatch(drawn(limited), /did not keep up/);
});

import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { checkBaseline } from "../../src/compare/check_baseline.ts";
import { compare } from "../../src/compare/compare.ts";
import type { LoadOptions } from "../../src/measure/settings/options.ts";
import { formatComparison } from "../../src/report/format_comparison.ts";
import type { Report } from "../../src/results/report.ts";
import type { CapacitySearch } from "../../src/results/kinds/load.ts";
import type { OpenWindow } from "../../src/results/window/window.ts";
import { figuresOf, runLoadTest } from "../../src/test_types/load/load.ts";
import { simulateTest } from "../measure/simulation.ts";
import { estimate } from "../core/estimates.ts";
import { loadResult } from "../results/kinds/load_result.ts";
import { openWindow } from "../results/window/windows.ts";
import { reportOf } from "../report/report_of.ts";

const runOf = (...levels: readonly OpenWindow[]): Report => reportOf({ load: loadResult(figuresOf(levels)) });
const later = (report: Report): Report => ({ ...report, startedAt: "2026-03-05T09:30:00.000Z" });
/** A rate that the server does not keep up with. */
const saturated = (rate: number, achieved: number) =>
  openWindow(rate, { saturated: true, requestsPerSecond: estimate(achieved, 0.02 * achieved) });

const rows: readonly [
  does: string,
  baseline: Report,
  report: Report,
  regressions: readonly string[],
  lost: readonly string[],
][] = [
  ["fewer rates of the same server", runOf(openWindow(20), openWindow(40)), runOf(openWindow(20)), [], []],
  ["more rates of the same server", runOf(openWindow(20)), runOf(openWindow(20), openWindow(40)), [], []],
  [
    "another rate, which saturated, of the same server",
    runOf(openWindow(20), saturated(60, 50)),
    runOf(saturated(60, 50)),
    [],
    [],
  ],
  [
    "a slower server at the highest rate that either kept up with",
    runOf(openWindow(20), openWindow(40), saturated(80, 46)),
    runOf(openWindow(20), saturated(40, 30), saturated(80, 30)),
    ["load: throughput, offered rate 40"],
    ["load: p95 latency, offered rate 40"],
  ],
  [
    "a faster server",
    runOf(openWindow(20), saturated(40, 30)),
    runOf(openWindow(20), openWindow(40)),
    [],
    [],
  ],
  [
    "a server that fails at a rate that it answered",
    runOf(openWindow(20), openWindow(40)),
    runOf(openWindow(20), openWindow(40, { errorRate: estimate(0.03) })),
    [],
    ["load: p95 latency, offered rate 40"],
  ],
  [
    "a server that keeps up with no rate any more",
    runOf(openWindow(20)),
    runOf(saturated(20, 15)),
    ["load: throughput, offered rate 20"],
    ["load: sustained rate", "load: p95 latency, offered rate 20"],
  ],
];
for (const [does, baseline, report, regressions, lost] of rows) {
  Deno.test(`checkBaseline() of a load test: ${does}`, () => {
    const check = checkBaseline(baseline, later(report), 0.05);
    assertEquals([check.regressions, check.lost], [regressions, lost]);
  });
}

Deno.test("compare() says why a latency of a load test is not compared", () => {
  const { figures } = compare(runOf(openWindow(20)), later(runOf(saturated(20, 15))));
  const p95 = figures.find(({ name }) => name === "p95 latency, offered rate 20")!;
  assertEquals([p95.verdict, p95.reason], ["cannot tell", "not measured in the second: the server did not keep up"]);
});

Deno.test("compare() compares no load tests without a rate in common, and names the rates", () => {
  const comparison = compare(runOf(openWindow(20), openWindow(40)), later(runOf(openWindow(30))));
  assertEquals([comparison.incomparable.map(({ reason }) => reason), comparison.family], [["different-loads"], 0]);
  const text = formatComparison(comparison).replaceAll(/\s+/g, " ");
  assertStringIncludes(text, "offered rates 20, 40 against");
  assertStringIncludes(text, "offered rates 30");
});

/** A run with objectives; its capacity is the rate that held them, `null` where no search began. */
function searched(objectives: string, highest: number | null): Report {
  const search: CapacitySearch = { highest, lowestMissed: 40, ended: "found", probes: [] };
  const found = { objectives, rate: search, concurrency: search, goodputPerSecond: null };
  const capacity = highest === null ? { capacity: null, absences: { capacity: "requests take too long" } } : {
    capacity: found,
  };
  return reportOf({ load: loadResult({ ...figuresOf([openWindow(20), openWindow(40)]), ...capacity }) });
}

Deno.test("checkBaseline() compares the rates of load tests whatever their objectives, and capacities under the same alone", () => {
  const strict = searched("p99<50ms", 20), lenient = searched("p99<100ms", 30);
  const none = runOf(openWindow(20), openWindow(40));
  for (const [now, told] of [[lenient, "p99<100ms"], [none, "none"]] as const) {
    const { passed, lost, comparison } = checkBaseline(strict, later(now), 0.05);
    assertEquals([passed, lost, comparison.incomparable], [true, [], []]);
    assert(comparison.figures.some(({ name }) => name === "p95 latency, offered rate 20"));
    assert(comparison.figures.every(({ name }) => name !== "capacity"));
    assertEquals(comparison.differences.filter(({ what }) => what.startsWith("objectives")), [
      { what: "objectives of the load test", a: "p99<50ms", b: told, severity: "warning" },
    ]);
  }
  const same = checkBaseline(strict, later(searched("p99<50ms", 25)), 0.05);
  assert(same.comparison.figures.some(({ name }) => name === "capacity"));
});

Deno.test("checkBaseline() says that a capacity could not be told, and calls the objectives of the same command no others", () => {
  const { lost, comparison } = checkBaseline(searched("p99<50ms", 20), later(searched("p99<50ms", null)), 0.05);
  assertEquals(lost, ["load: capacity"]);
  assertEquals(
    comparison.figures.find(({ name }) => name === "capacity")!.reason,
    "not measured in the second: requests take too long",
  );
  assertEquals([comparison.incomparable, comparison.differences.filter(({ what }) => what.startsWith("objectives"))], [
    [],
    [],
  ]);
});

/** Runs of one command: the same arrivals at each rate, on a server whose times differ by chance. */
const seeds = [1, 2, 3, 4, 5];
const measured = (options: LoadOptions = {}, serviceMs = 20) =>
  Promise.all(seeds.map(async (seed) => {
    const server = { fate: () => ({ serviceMs }), workers: 2, jitter: 0.3, seed };
    const load = await simulateTest(runLoadTest, { durationMs: 4000, ...options }, server);
    return reportOf({ load }, { startedAt: `2026-03-0${seed}T09:30:00.000Z` });
  }));

Deno.test("compare() finds no difference between runs of one server whose rates the load test chose itself", async () => {
  const reports = await measured();
  for (const a of reports) {
    for (const b of reports.filter((other) => other !== a)) {
      const { figures, incomparable } = compare(a, b);
      assertEquals(incomparable, []);
      assert(figures.some(({ name, difference }) => name.startsWith("throughput") && difference !== null));
      assertEquals(figures.filter(({ verdict }) => verdict === "worse" || verdict === "better"), []);
    }
  }
});

Deno.test("compare() finds a server slower whose rates the load test chose itself", async () => {
  const [[fast], [slow]] = [await measured(), await measured({}, 24)];
  assertNotEquals(fast!.tests.load!.levels.length, 0);
  const { figures } = compare(fast!, slow!);
  assert(
    figures.some(({ verdict }) => verdict === "worse"),
    JSON.stringify(figures.map(({ name, verdict }) => [name, verdict])),
  );
});

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { checkBaseline } from "../../src/compare/check_baseline.ts";
import { compare } from "../../src/compare/compare.ts";
import type { BasicOptions } from "../../src/measure/settings/options.ts";
import type { Report } from "../../src/results/report.ts";
import { formatComparison } from "../../src/report/format_comparison.ts";
import { runBasicTest } from "../../src/test_types/basic.ts";
import { simulateTest } from "../measure/simulation.ts";
import { basicResult } from "../results/kinds/basic_result.ts";
import { loadResult } from "../results/kinds/load_result.ts";
import { reportOf } from "../report/report_of.ts";

/** A run of the basic test on a server of 10 ms. */
async function run(options: BasicOptions): Promise<Report> {
  const fate = () => ({ serviceMs: 10 });
  const basic = await simulateTest(runBasicTest, options, { fate, seed: options.seed ?? 1 });
  return reportOf({ basic }, { startedAt: `2026-03-0${options.seed}T09:30:00.000Z` });
}

Deno.test("compare() compares two runs of one command at a rate, whatever came out of its arrivals", async () => {
  const [a, b] = [await run({ ratePerSecond: 50, seed: 1 }), await run({ ratePerSecond: 50, seed: 2 })];
  assert(a.tests.basic!.offeredPerSecond !== b.tests.basic!.offeredPerSecond, "the offered rates differ by chance");
  const { incomparable, figures } = compare(a, b);
  assertEquals([incomparable, figures.length], [[], 5]);
  assert(figures.every(({ difference }) => difference !== null));
  assertEquals(checkBaseline(a, b, 0.05).passed, true);
});

Deno.test("a server that was lost at a load is not held to be as good there as one that was not", () => {
  const lost = { atMs: 4000, failed: 4, reason: "connection refused" };
  const [whole, cut] = [reportOf({ basic: basicResult() }), reportOf({ basic: basicResult({ lost }) })];
  const check = checkBaseline(whole, { ...cut, startedAt: "2026-03-05T09:30:00.000Z" }, 0.05);
  assertEquals(check.passed, false);
  assert(check.lost.some((name) => name.includes("throughput")), check.lost.join());
});

Deno.test("compare() compares no load tests of different bounds of connections, and says in which they differ", () => {
  const run = (maxConnections: number) => reportOf({ load: loadResult({ maxConnections }) });
  const comparison = compare(run(512), run(8));
  assertEquals([comparison.incomparable.map(({ reason }) => reason), comparison.figures], [["different-loads"], []]);
  assertStringIncludes(
    formatComparison(comparison).replaceAll(/\s+/g, " "),
    "different loads: poisson arrivals, batch size 1, max connections 512 against " +
      "poisson arrivals, batch size 1, max connections 8",
  );
});

Deno.test("compare() compares no different rates, no other arrivals and no open loop with a closed one", async () => {
  const fifty = await run({ ratePerSecond: 50, seed: 1 });
  const others: BasicOptions[] = [
    { ratePerSecond: 51, seed: 2 },
    { ratePerSecond: 50, arrivals: "constant", seed: 2 },
    { ratePerSecond: 50, arrivals: "constant", burst: 5, seed: 2 },
    { ratePerSecond: 50, batchSize: 2, seed: 2 },
    { concurrency: 1, seed: 2 },
  ];
  for (const options of others) {
    const { incomparable, figures } = compare(fifty, await run(options));
    assertEquals([incomparable.map(({ reason }) => reason), figures], [["different-loads"], []]);
  }
});

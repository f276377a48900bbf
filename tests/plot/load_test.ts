import { assert, assertNotMatch, assertStringIncludes } from "@std/assert";
import { plotComparison } from "../../src/plot/comparison.ts";
import { plotLatency } from "../../src/plot/latency.ts";
import { plotOverview } from "../../src/plot/overview.ts";
import { plotLoad } from "../../src/plot/load.ts";
import { plotTokens } from "../../src/plot/streams/tokens.ts";
import { formatText } from "../../src/report/text/format_text.ts";
import { runLoadTest } from "../../src/test_types/load/load.ts";
import { simulateTest } from "../measure/simulation.ts";
import type { OpenWindow } from "../../src/results/result.ts";
import { loadResult } from "../results/kinds/load_result.ts";
import { basicResult } from "../results/kinds/basic_result.ts";
import { streamed } from "../results/window/streamed.ts";
import { measurement, openWindow, withFailures } from "../results/window/windows.ts";
import { capacityReport } from "../report/html/html_fixtures.ts";
import { reportOf } from "../report/report_of.ts";

const twoWorkers = { fate: () => ({ serviceMs: 20 }), workers: 2 };

Deno.test("plotLoad() says what the server kept up with, and marks it", async () => {
  const result = await simulateTest(runLoadTest, { rates: [40, 80, 160], arrivals: "constant" }, twoWorkers);
  const { svg, description } = plotLoad(result);
  assertStringIncludes(description, "kept up with");
  for (const word of ["offered (requests/s)", "requests/s", "sustained", "saturated", "p95"]) {
    assertStringIncludes(svg, word);
  }
});

Deno.test("plotLoad() draws the limit that a capacity was searched under, and names one that is far above", () => {
  const load = capacityReport.tests.load!;
  const { svg, description } = plotLoad(load);
  for (const word of ["p99&lt;100ms", "capacity"]) assertStringIncludes(svg, word);
  assertStringIncludes(description, "Under p99<100ms,errors<5% it carries 25");
  const [met] = load.capacity!.rate.probes;
  const [outcome] = met!.outcomes;
  const objective = { ...outcome!.objective, limit: 9000, text: "p99<9s" };
  const probes = [{ ...met!, outcomes: [{ ...outcome!, objective }] }];
  const far = plotLoad({ ...load, capacity: { ...load.capacity!, rate: { ...load.capacity!.rate, probes } } });
  assertStringIncludes(far.svg, "Far above what is drawn: p99&lt;9s.");
});

Deno.test("plotLoad() draws something true of one rate, of none, and where nothing succeeds", async () => {
  const one = await simulateTest(runLoadTest, { rates: [40] }, twoWorkers);
  assertStringIncludes(plotLoad(one).svg, "sustained");
  assertStringIncludes(plotLoad({ ...one, levels: [] }).svg, "No rate was offered");
  const dead = await simulateTest(runLoadTest, { rates: [40] }, { fate: () => ({ failure: "status", afterMs: 1 }) });
  const { svg } = plotLoad(dead);
  assertStringIncludes(svg, "No request succeeded");
  assert(!/NaN|Infinity/.test(svg));
});

Deno.test("plotLoad() tells of rates that do not qualify what the answer of the test tells", () => {
  const said = (...levels: readonly OpenWindow[]) =>
    plotLoad(loadResult({ levels, sustainedPerSecond: null })).description.replaceAll("\u00a0", " ");
  const failing = said(withFailures(openWindow(20), 2), withFailures(openWindow(40, { saturated: null }), 90));
  assertStringIncludes(failing, "The server kept up with 20 req/s, the lowest offered, but every rate that it kept up");
  const limited = said(openWindow(80, { saturated: true, clientLimited: true }));
  assertStringIncludes(limited, "80 req/s were too many for this client, so that the server's own end was not seen.");
  assertNotMatch(limited, /kept up with none|It was saturated/);
  assertStringIncludes(said(openWindow(80, { saturated: true })), "The server kept up with none of the rates offered.");
});

Deno.test("charts of an open loop tell the rate that was offered, and no concurrency", () => {
  const { requestsPerSecond } = basicResult();
  const basic = basicResult({ ...openWindow(40, { requestsPerSecond }), concurrency: null });
  const latency = plotLatency(basic).description;
  assertStringIncludes(latency, "at 40\u00a0req/s offered, 45.7\u00a0req/s");
  assertStringIncludes(
    latency,
    "Load: open loop, 40\u00a0req/s offered, batch size 1; latency counts from the moment due.",
  );
  const compared =
    plotComparison({ "before": basic, "after": basicResult({ ...measurement(45.67, 4, 1), concurrency: 4 }) })
      .description;
  assertStringIncludes(compared, "before: open loop, 40\u00a0req/s offered, batch size 1");
  assertStringIncludes(compared, "after: closed loop, concurrency 4, batch size 1");
  const overview = plotOverview(reportOf({ basic })).description;
  for (const description of [latency, overview]) assertNotMatch(description, /closed loop|concurrency/i);
});

Deno.test("who points at a rate is told the shares that the table tells, and what was cut short", () => {
  const counts = { requests: 600, failed: 60, succeeded: 540, due: 1000, unanswered: 400 };
  const levels = [openWindow(20, { cutShort: true }), openWindow(40, { ...counts, saturated: true })];
  const load = loadResult({ levels });
  const table = formatText(reportOf({ load }), { width: 300 });
  assertStringIncludes(table, "40.0% unanswered, 6.0% failed");
  const streams = levels.map((level) => ({ ...level, ...streamed() }));
  for (const { svg } of [plotLoad(load), plotTokens({ ...load, levels: streams })]) {
    const titles = [...svg.matchAll(/<title>([^<]*)<\/title>/g)].map(([, title]) => title!);
    assert(titles.some((title) => title.includes("40.0% unanswered, 6.0% failed")), titles.join("\n"));
    assert(titles.some((title) => title.startsWith("20") && title.includes("cut short")), titles.join("\n"));
    assert(titles.every((title) => !title.includes("10.0% failed")));
  }
});

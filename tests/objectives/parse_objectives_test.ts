import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { UsageError } from "../../src/core/errors.ts";
import { metricSpec, OBJECTIVE_METRICS, objectiveHelp } from "../../src/objectives/metrics.ts";
import { parseObjectives, parseRequestLimits } from "../../src/objectives/parse_objectives.ts";

Deno.test("parseObjectives() reads every metric in every unit it may be written in", () => {
  const written: [string, number, string][] = [
    ["p99<100ms", 100, "ms"],
    ["mean<=250us", 0.25, "ms"],
    ["max<2s", 2000, "ms"],
    ["ttfb-p95<.5s", 500, "ms"],
    ["errors<7%", 0.07, "share"],
    ["errors<0.1%", 0.001, "share"],
    ["throughput>200/s", 200, "requests/s"],
    ["throughput>=1e3 req/s", 1000, "requests/s"],
    ["throughput>800pred/s", 800, "predictions/s"],
    ["peak > 5 /s", 5, "requests/s"],
    ["cold<5s", 5000, "ms"],
    ["overhead<500%", 500, "percent"],
    ["overhead<1s", 1000, "ms"],
    ["footprint<1.5GB", 1.5e9, "bytes"],
    ["footprint<100MiB", 100 * 2 ** 20, "bytes"],
    ["growth<1KiB/request", 1024, "bytes/request"],
    ["growth<1KB/request", 1000, "bytes/request"],
    ["P99 < 100 MS", 100, "ms"],
  ];
  for (const [text, limit, unit] of written) {
    const [objective] = parseObjectives(text);
    assertEquals([objective!.limit, objective!.unit], [limit, unit], text);
  }
});

Deno.test("parseObjectives() says what is wrong, and at which character", () => {
  const wrong: [text: string, ...words: string[]][] = [
    ["", "must begin with what it limits", "found nothing at character 1"],
    ["p99<100ms,", "found nothing at character 11"],
    ["p99<100ms,,errors<1%", "found nothing at character 11"],
    ["p98<100ms", '"p98" at character 1', "p95, p99, max"],
    ["<100ms", '"<100ms" at character 1'],
    ["p99", "one of < <= > >= must follow", "found nothing at character 4", "Write p99<100ms"],
    ["p99=100ms", '"=100ms" at character 4'],
    ["p99==100ms", '"==100ms" at character 4'],
    ["p99<", "a limit must follow", "found nothing at character 5"],
    ["p99<fast", '"fast" at character 5'],
    ["p99<-5ms", '"-5ms" at character 5'],
    ["p99<100", "must have a unit (ms, us, s)", '"100" alone'],
    ["errors<1%, p99<100", "at character 19"],
    ["p99<100ms now", '"ms now" at character 8'],
    ["p99<100%", "must have a unit (ms, us, s)"],
    ["throughput>200", "(/s, req/s, pred/s)"],
    ["throughput<200/s", "throughput must have a limit below it", "more is better"],
    ["p99>100ms", "p99 must have a limit above it", "at character 4", "less is better"],
    ["p99<0ms", "a limit must be above 0", '"0ms"'],
    ["errors<=0%", "a limit must be above 0", "No number of requests shows that none ever fails"],
    ["errors<100%", "below 100%"],
    ["p99<1e999ms", "a limit must be above 0"],
    ["p99<100ms,p99<50ms", "p99 must be limited once", "at character 11"],
  ];
  for (const [text, ...words] of wrong) {
    const error = assertThrows(() => parseObjectives(text), UsageError);
    const said = `${error.message} | ${error.hint ?? ""}`;
    assertStringIncludes(said, `Cannot read the objectives "${text}" as `);
    for (const word of words) assertStringIncludes(said, word);
  }
});

Deno.test("parseObjectives() refuses a metric that means nothing where it is used", () => {
  const error = assertThrows(() => parseObjectives("cold<1s", ["p99", "errors"]), UsageError);
  assertStringIncludes(error.message, "must be about what is measured here");
  assertEquals(error.hint, "Known are p99, errors.");
});

Deno.test("parseObjectives() takes both kinds of throughput at once", () => {
  const units = parseObjectives("throughput>10/s,throughput>40pred/s").map(({ unit }) => unit);
  assertEquals(units, ["requests/s", "predictions/s"]);
});

const objective = fc.record({
  metric: fc.constantFrom(...OBJECTIVE_METRICS),
  number: fc.double({ min: 0.001, max: 0.99, noNaN: true }),
  unit: fc.nat(),
  orEqual: fc.boolean(),
  blank: fc.constantFrom("", " ", "  "),
});

Deno.test("parseObjectives() reads what it wrote, whatever the blanks", () => {
  fc.assert(fc.property(objective, ({ metric, number, unit, orEqual, blank }) => {
    const { better, units } = metricSpec(metric);
    const operator = (better === "less" ? "<" : ">") + (orEqual ? "=" : "");
    const { written } = units[unit % units.length]!;
    const [read] = parseObjectives([blank, metric, operator, number, written, blank].join(blank));
    assertEquals(parseObjectives(read!.text), [read]);
    assert(!read!.text.includes(" "));
  }));
});

Deno.test("parseObjectives() refuses any other text as wrong usage, never otherwise", () => {
  fc.assert(fc.property(fc.string(), (text) => {
    try {
      assert(parseObjectives(text).length > 0);
    } catch (error) {
      assert(error instanceof UsageError, `${error}`);
    }
  }));
});

Deno.test("objectiveHelp() has a line for every metric", () => {
  assertEquals(objectiveHelp().length, OBJECTIVE_METRICS.length);
  assertStringIncludes(objectiveHelp().join("\n"), "p99,99th percentile of the latency (ms, us, s)");
});

Deno.test("parseRequestLimits() reads times of one request, and says so where a percentile is meant", () => {
  const limits = parseRequestLimits("ttft<0.3s, tpot<=40ms,latency<1s");
  assertEquals(limits.map(({ metric, limit, text }) => [metric, limit, text]), [
    ["ttft", 300, "ttft<0.3s"],
    ["tpot", 40, "tpot<=40ms"],
    ["latency", 1000, "latency<1s"],
  ]);
  const hintOf = (read: () => unknown) => assertThrows(read, UsageError).hint ?? "";
  assertStringIncludes(hintOf(() => parseRequestLimits("ttft_p95<300ms")), "write ttft<100ms");
  assertStringIncludes(hintOf(() => parseRequestLimits("p95<300ms")), "write latency<100ms");
  assertStringIncludes(hintOf(() => parseRequestLimits("ttft:300 tpot:40")), "Write ttft<100ms");
  assertStringIncludes(hintOf(() => parseObjectives("ttft<300ms")), "write ttft-p95<100ms");
  assertThrows(() => parseRequestLimits("errors<1%"), UsageError, 'Cannot read the limits of goodput "errors<1%" as');
});

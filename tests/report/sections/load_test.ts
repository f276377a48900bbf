import { assert, assertStringIncludes } from "@std/assert";
import type { CapacitySearch } from "../../../src/results/kinds/load.ts";
import { formatText } from "../../../src/report/text/format_text.ts";
import { capacityReport } from "../html/html_fixtures.ts";

const told = (rate: Partial<CapacitySearch>): string => {
  const load = capacityReport.tests.load!;
  const capacity = { ...load.capacity!, rate: { ...load.capacity!.rate, ...rate } };
  return formatText({ ...capacityReport, tests: { load: { ...load, capacity } } }).replaceAll(/\s+/g, " ");
};
const unclear = (level: number) => ({ level, verdict: "unclear", outcomes: [], saturated: false, runs: 2 } as const);

Deno.test("a rate of which it cannot be told whether objectives hold is not called missed", () => {
  const none = told({ highest: null, lowestMissed: 17, ended: "never met", probes: [unclear(17)] });
  assertStringIncludes(none, "even at 17 req/s it cannot be told whether the objectives hold");
  assert(!none.includes("even 17 req/s missed"));
  const [met] = capacityReport.tests.load!.capacity!.rate.probes;
  const found = told({ highest: 12, lowestMissed: 17, ended: "found", probes: [met!, unclear(17)] });
  assertStringIncludes(found, "Arrival rate: 12 req/s, not to be told at 17 req/s");
});

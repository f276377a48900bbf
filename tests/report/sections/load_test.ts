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
  assertStringIncludes(found, "errors<5%: 12 req/s; not to be told at 17 req/s (2 trials)");
  const cut = told({ highest: 12, lowestMissed: null, ended: "stopped early", probes: [met!] });
  assertStringIncludes(cut, "errors<5%: at least 12 req/s (1 trial, the search was cut short)");
});

Deno.test("a capacity is the answer, names what was missed, and shows every trial", () => {
  const text = formatText(capacityReport, { width: 120 });
  const [, first = "", ...rest] = text.split("LOAD TEST RESULTS")[1]!.split("\n").filter((line) => line !== "");
  assertStringIncludes(first, "Capacity under p99<100ms,errors<5%: 25 req/s; 50 req/s missed p99<100ms (142 ms");
  for (const trial of ["Offered 12 req/s: met", "Offered 50 req/s: missed", "Concurrency 1: missed"]) {
    assert(rest.some((line) => line.includes(trial)), trial);
  }
  const [missed] = capacityReport.tests.load!.capacity!.concurrency.probes;
  const none = told({ highest: null, lowestMissed: 4.13, ended: "never met", probes: [{ ...missed!, level: 4.13 }] });
  assertStringIncludes(none, "none: even 4.13 req/s missed p99<100ms (142 ms [136, 148]; 1 trial)");
});

Deno.test("why no capacity was searched is said beside the rates", () => {
  const absences = { capacity: "tpot-p95<40ms cannot be told: no answer had tokens" };
  const load = { ...capacityReport.tests.load!, capacity: null, absences };
  const text = formatText({ ...capacityReport, tests: { load } }).replaceAll(/\s+/g, " ");
  assertStringIncludes(text, "Capacity: not measured: tpot-p95<40ms cannot be told: no answer had tokens");
});

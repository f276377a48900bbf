import { assert, assertEquals } from "@std/assert";
import { FIGURES } from "../../src/results/figures.ts";
import { isUnanswered, RESULT_KINDS, type TestResults } from "../../src/results/kinds.ts";
import { isAbsent, type Measured } from "../../src/results/measured.ts";
import { writtenUnits } from "../../src/results/units.ts";
import { WINDOW_FIGURES, windowFigure } from "../../src/results/window/window_figures.ts";
import { windowsOf } from "../../src/results/windows.ts";
import { latencyResult } from "./kinds/latency_result.ts";
import { loadResult } from "./kinds/load_result.ts";
import { operatingPoint, operatingPointsResult } from "./kinds/operating_points_result.ts";
import { scalabilityResult } from "./kinds/scalability_result.ts";
import { failedMeasurement, withFailures } from "./window/windows.ts";
import { EVERY_RESULT } from "./every_result.ts";

/** Whether it is an estimate of finite numbers in their order, or an absence with words. */
function assertMeasured(measured: Measured, of: string): void {
  if (isAbsent(measured)) {
    assert(measured.code.length > 0 && measured.detail.length > 4, `${of} is absent without a reason`);
    return;
  }
  const { value, low, high, level, n } = measured;
  for (const number of [value, low ?? 0, high ?? 0, level, n]) assert(Number.isFinite(number), `${of}: ${number}`);
  assert((low ?? value) <= value && value <= (high ?? value), `${of}: ${low} to ${high} around ${value}`);
}

Deno.test("FIGURES have ids of their own within each kind, in snake case, and units that can be written", () => {
  for (const kind of RESULT_KINDS) {
    const ids = FIGURES.filter((figure) => figure.kind === kind).map(({ id }) => id);
    assertEquals(ids.length, new Set(ids).size, `${kind}: ${ids}`);
  }
  for (const { id, label, unit } of [...FIGURES, ...WINDOW_FIGURES]) {
    assert(/^[a-z][a-z0-9_]*$/.test(id), id);
    assert(label.length > 2, id);
    assert(writtenUnits(unit).length > 0, `${id} in ${unit}`);
  }
});

Deno.test("FIGURES are an estimate, or absent with a reason, for every result, whatever is missing in it", () => {
  for (const figure of FIGURES) {
    for (const result of EVERY_RESULT[figure.kind]) {
      assertMeasured(figure.read({ [figure.kind]: result }), `${figure.kind}: ${figure.id}`);
    }
  }
});

Deno.test("FIGURES of a run without their test say that it was not run", () => {
  for (const { read, id, kind } of FIGURES) {
    const measured = read({});
    assert(isAbsent(measured) && measured.code === "not-run", `${kind}: ${id}`);
  }
});

Deno.test("FIGURES hold each metric that can be measured for some result", () => {
  const known: TestResults[] = RESULT_KINDS.flatMap((kind) => EVERY_RESULT[kind].map((result) => ({ [kind]: result })));
  // What a capacity search, a server's counters and cycles of load tell is left out of the builders.
  const unmeasured = FIGURES.filter(({ kind, of }) => of === "result" && kind !== "load")
    .filter(({ read }) => known.every((tests) => isAbsent(read(tests)))).map(({ id }) => id);
  const ofGpu = ["growth_allocated", "growth_gpu_requests_needed", "filled_gpu", "growth_gpu_per_load_cycle"];
  assertEquals(unmeasured, [
    ...ofGpu,
    "growth_allocated_per_load_cycle",
    "growth_requests_needed",
    "growth_per_load_cycle",
  ]);
});

Deno.test("WINDOW_FIGURES are an estimate, or absent with a reason, for every window", () => {
  const windows = RESULT_KINDS.flatMap((kind) => EVERY_RESULT[kind].flatMap((result) => windowsOf({ [kind]: result })));
  for (const { window } of [...windows, { window: failedMeasurement() }]) {
    for (const { id, read } of WINDOW_FIGURES) assertMeasured(read(window), id);
  }
});

const read = (id: string, tests: TestResults) => FIGURES.find((figure) => figure.id === id)!.read(tests);
const valueOf = (measured: Measured) => isAbsent(measured) ? null : measured.value;

Deno.test("the recommended point is never one with errors, wherever it stands in the list", () => {
  const failing = operatingPoint(900, 8, 4, { errorRate: { value: 0.5, low: 0.45, high: 0.55, level: 0.95, n: 400 } });
  const points = [failing, operatingPoint(500, 8, 1)];
  const result = operatingPointsResult(points);
  assertEquals(valueOf(read("recommended_predictions_per_second", { "operating-points": result })), 500);
  const none = read("recommended_predictions_per_second", { "operating-points": operatingPointsResult([failing]) });
  assert(isAbsent(none));
  assertEquals(none.detail, "every point had 1 % errors or more");
});

const three = [operatingPoint(160, 8, 4), operatingPoint(150, 8, 2), operatingPoint(140, 8, 1)];
const sweep = scalabilityResult({ 1: 45, 2: 100, 4: 100, 8: 100, 16: 60 });

const CHOSEN: readonly [why: string, id: string, tests: TestResults, chosenFrom: number][] = [
  ["each usable point", "recommended_predictions_per_second", {
    "operating-points": operatingPointsResult([...three, withFailures(operatingPoint(900, 8, 8), 20)]),
  }, 3],
  [
    "the one point",
    "recommended_predictions_per_second",
    { "operating-points": operatingPointsResult([three[0]!]) },
    1,
  ],
  ["each concurrency within noise of the best", "max_requests_per_second", { scalability: sweep }, 3],
  ["what was not run", "max_requests_per_second", {}, 1],
];

for (const [why, id, tests, chosenFrom] of CHOSEN) {
  Deno.test(`FIGURES: ${id} was chosen from ${why}, which makes it high by luck`, () => {
    const found = FIGURES.find((figure) => figure.id === id)!;
    assert(found.compared);
    assertEquals(found.chosenFrom!(tests), chosenFrom);
  });
}

Deno.test("the latency of a load test is that of the highest rate that was sustained, not of the first", () => {
  const load = loadResult();
  const [first, sustained] = load.levels;
  assert(first!.latencyMs !== sustained!.latencyMs);
  const figure = FIGURES.find(({ kind, id }) => kind === "load" && id === "latency_p95")!;
  assertEquals(figure.read({ load }), sustained!.latencyMs!.p95);
});

Deno.test("windowFigure() finds a figure by its id", () => {
  assertEquals(windowFigure("latency_p95").unit, "ms");
});

Deno.test("FIGURES say that no request succeeded only where none did", () => {
  for (const figure of FIGURES) {
    for (const result of EVERY_RESULT[figure.kind]) {
      const tests: TestResults = { [figure.kind]: { ...result, absences: {} } };
      const measured = figure.read(tests);
      if (!isAbsent(measured) || measured.detail !== "no request succeeded") continue;
      const succeeded = windowsOf(tests).filter(({ window }) => window.succeeded > 0).length;
      assertEquals(succeeded, 0, `${figure.kind}: ${figure.id}`);
    }
  }
});

Deno.test("isUnanswered() is false where what succeeded stands in no window", () => {
  assertEquals(isUnanswered({ latency: latencyResult({ warm: null, partial: "interrupted" }) }), false);
  assertEquals(isUnanswered({ latency: latencyResult({ warm: null, cold: null }) }), true);
  assertEquals(isUnanswered({ load: loadResult({ levels: [], partial: "interrupted" }) }), false);
  assertEquals(isUnanswered({ load: loadResult({ levels: [], partial: null, capacity: null }) }), true);
  const search = { highest: null, lowestMissed: null, ended: "stopped early", probes: [] } as const;
  const capacity = { objectives: "p95<6s", rate: search, concurrency: search, goodputPerSecond: null };
  assertEquals(isUnanswered({ load: loadResult({ levels: [], partial: null, capacity }) }), false);
});

Deno.test("a capacity that was not found is none only where even the lowest trial missed the objectives", () => {
  const reasonOf = (verdict: "missed" | "unclear") => {
    const probe = { level: 4, verdict, outcomes: [], saturated: false, runs: 1 };
    const search = { highest: null, lowestMissed: 4, ended: "never met", probes: [probe] } as const;
    const capacity = { objectives: "p95<6s", rate: search, concurrency: search, goodputPerSecond: null };
    const measured = FIGURES.find(({ id }) => id === "capacity_rate")!.read({ load: loadResult({ capacity }) });
    return isAbsent(measured) ? measured.detail : "";
  };
  assertEquals(reasonOf("missed"), "no rate met them");
  assertEquals(reasonOf("unclear"), "it is not known whether a rate meets them");
});

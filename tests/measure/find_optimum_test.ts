import { assert, assertEquals } from "@std/assert";
import { type Candidate, findOptimum } from "../../src/measure/find_optimum.ts";
import type { Window } from "../../src/results/window/window.ts";
import { estimate } from "../core/estimates.ts";
import { failedMeasurement, measurement } from "../results/window/windows.ts";

const candidate = (level: number, rate: number, overrides: Partial<Window> = {}): Candidate => {
  const window = measurement(rate, 1, 1, overrides);
  return { level, rate: window.requestsPerSecond, window };
};
const limited = { clientLimited: true };
const failing = { errorRate: estimate(0.01) };
const optimumOf = (candidates: readonly Candidate[]) => {
  const absences: Record<string, string> = {};
  return { ...findOptimum(candidates, absences, "optimum"), absences };
};

Deno.test("findOptimum() names a level that the client limited where none of the others measured as much", () => {
  // What a GPU showed: the tool advised 4, while its own table held more at 16.
  const { optimal, best, usable, own } = optimumOf([candidate(1, 200), candidate(4, 757), candidate(16, 994, limited)]);
  assertEquals([optimal, best!.value, best!.high], [16, 994, null]);
  assertEquals([usable.map(({ level }) => level), own.map(({ level }) => level)], [[1, 4, 16], [1, 4]]);
});

Deno.test("findOptimum() names the highest where the client limited every level, though a smaller one was near", () => {
  const { optimal, absences } = optimumOf([candidate(4, 985, limited), candidate(16, 994, limited)]);
  assertEquals([optimal, absences], [16, {}]);
});

Deno.test("findOptimum() has the smaller level where that is within reach of the best, and may be faster", () => {
  assertEquals(optimumOf([candidate(4, 757, limited), candidate(16, 1410)]).optimal, 16);
  assertEquals(optimumOf([candidate(4, 1380, limited), candidate(16, 1410)]).optimal, 4);
});

Deno.test("findOptimum() never takes a level with 1 % of errors or more, and says why there is none", () => {
  assertEquals(optimumOf([candidate(1, 200), candidate(4, 900, failing)]).optimal, 1);
  const none = optimumOf([candidate(1, 200, failing), candidate(4, 900, failing)]);
  assertEquals([none.optimal, none.best], [null, null]);
  assertEquals(none.absences, { optimum: "every level had 1 % errors or more" });
  const failed = optimumOf([{ level: 1, rate: null, window: failedMeasurement() }]);
  assertEquals(failed.absences, { optimum: "no request succeeded" });
  assertEquals(optimumOf([]).absences, { optimum: "no level was measured" });
});

Deno.test("findOptimum() knows a level of the client without an upper end, one of the server with it", () => {
  const { usable } = optimumOf([candidate(1, 200), candidate(4, 994, limited)]);
  assert(usable[0]!.estimate.high !== null && usable[1]!.estimate.high === null);
});

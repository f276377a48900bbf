import { assert, assertEquals } from "@std/assert";
import { drift, levelShift, warmingUp } from "../../src/analysis/drift.ts";
import { checkOptions } from "../../src/measure/settings/check_options.ts";
import type { LevelShift } from "../../src/results/window/level_shift.ts";
import type { WindowVisit } from "../../src/results/window/window.ts";
import { estimate } from "../core/estimates.ts";
import { basicResult } from "../results/kinds/basic_result.ts";
import { scalabilityResult } from "../results/kinds/scalability_result.ts";
import { measurement } from "../results/window/windows.ts";

const visit = (by: string, atMs: number, rate: number, halfWidth: number): WindowVisit => ({
  by,
  atMs,
  durationMs: 2000,
  requestsPerSecond: estimate(rate, halfWidth),
});
const found = (tests: Parameters<typeof drift>[0]) => {
  const finding = drift(tests);
  return finding?.code === "drift" ? finding.evidence : null;
};

Deno.test("drift() is judged between the visits of a load, and says when each was", () => {
  const visits = [visit("basic", 100, 60, 2), visit("latency", 9000, 58, 2), visit("scalability", 20_000, 40, 2)];
  const basic = basicResult({ visits });
  const evidence = found({ basic });
  assertEquals([evidence?.load, evidence?.faster.atMs, evidence?.slower.atMs], [basic.load, 100, 20_000]);
  assertEquals(evidence?.slower.source, "scalability");
  assertEquals(found({ basic: basicResult({ visits: visits.slice(0, 2) }) }), null);
});

Deno.test("drift() counts the visits of a load that several tests share once", () => {
  const visits = [visit("basic", 100, 60, 2), visit("scalability", 20_000, 40, 2)];
  const scalability = scalabilityResult({ 1: 50, 2: 80 });
  const levels = scalability.levels.map((level) => level.concurrency === 1 ? { ...level, visits } : level);
  const shared = found({ basic: basicResult({ visits }), scalability: { ...scalability, levels } });
  assertEquals(shared, found({ basic: basicResult({ visits }) }));
});

Deno.test("drift() compares the visits of the parts of a run that went on, which its tests do not share", () => {
  const scalability = scalabilityResult({ 1: 50, 2: 80 });
  const later = [visit("scalability", 3_600_000, 40, 2)];
  const levels = scalability.levels.map((level) => level.concurrency === 1 ? { ...level, visits: later } : level);
  const tests = {
    basic: basicResult({ visits: [visit("basic", 100, 60, 2)] }),
    scalability: { ...scalability, levels },
  };
  assertEquals([found(tests)?.faster.atMs, found(tests)?.slower.atMs], [100, 3_600_000]);
});

Deno.test("drift() takes no two of many visits for apart that only chance drew apart", () => {
  const apart = [visit("basic", 100, 60, 6), visit("latency", 9000, 45, 6)];
  assertEquals(found({ basic: basicResult({ visits: apart }) })?.faster.atMs, 100);
  const scalability = scalabilityResult();
  const levels = scalability.levels.map((level) => ({
    ...level,
    load: measurement(1, 10 * level.concurrency, 1).load,
    visits: [visit("scalability", 1, 80, 20), visit("scalability", 2, 81, 20)],
  }));
  assertEquals(found({ basic: basicResult({ visits: apart }), scalability: { ...scalability, levels } }), null);
});

Deno.test("drift() says nothing of a load whose numbers the client set", () => {
  const visits = [visit("basic", 100, 60, 2), visit("scalability", 20_000, 40, 2)];
  assertEquals(found({ basic: basicResult({ visits, clientLimited: true }) }), null);
});

const shift = (changes: Partial<LevelShift> = {}): LevelShift => ({
  load: basicResult().load,
  lastBefore: 399,
  firstAfter: 401,
  beforeMs: 4000,
  afterMs: 4010,
  ratio: estimate(2.1, 0.1),
  cause: "warm-up",
  ...changes,
});

Deno.test("warmingUp() advises more requests than were slow where figures are of that time, and tells which", () => {
  const found = warmingUp({ basic: basicResult({ visits: [visit("basic", 100, 60, 2)], shifts: [shift()] }) });
  assertEquals(found?.code === "warming-up" && [found.severity, found.evidence.warmUpRequests, found.evidence.within], [
    "warning",
    500,
    ["basic"],
  ]);
});

Deno.test("warmingUp() advises no more requests than can be asked for, also of a fast server", () => {
  const fast = shift({ lastBefore: 179_999, firstAfter: 180_001 });
  const found = warmingUp({ basic: basicResult({ visits: [visit("basic", 100, 60, 2)], shifts: [fast] }) });
  assert(found?.code === "warming-up");
  assertEquals(found.evidence.warmUpRequests, 200_000);
  checkOptions({ warmUpRequests: found.evidence.warmUpRequests });
});

Deno.test("warmingUp() only tells what was measured again, by the load that says best when it ended", () => {
  const visits = [visit("basic", 4200, 60, 2)];
  const wide = shift({ lastBefore: 100, firstAfter: 900, again: true });
  const found = warmingUp({ basic: basicResult({ visits, shifts: [wide, shift({ again: true })] }) });
  assertEquals(found?.code === "warming-up" && [found.severity, found.evidence.lastBefore, found.evidence.within], [
    "info",
    399,
    [],
  ]);
});

Deno.test("a load whose server was warming up does not drift, and one that drifts is not told to shift", () => {
  const visits = [visit("basic", 100, 40, 2), visit("latency", 9000, 60, 2)];
  const warm = { basic: basicResult({ visits, shifts: [shift()] }) };
  assertEquals([drift(warm), levelShift(warm)], [null, null]);
  const changed = { basic: basicResult({ visits, shifts: [shift({ cause: "unknown" })] }) };
  assertEquals([drift(changed)?.code, levelShift(changed), warmingUp(changed)], ["drift", null, null]);
  const inside = { basic: basicResult({ shifts: [shift({ cause: "unknown" })] }) };
  assertEquals(levelShift(inside)?.severity, "warning");
});

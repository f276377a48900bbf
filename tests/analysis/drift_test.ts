import { assertEquals } from "@std/assert";
import { drift } from "../../src/analysis/drift.ts";
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

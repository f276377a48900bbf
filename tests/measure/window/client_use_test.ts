import { assertAlmostEquals, assertEquals } from "@std/assert";
import {
  CLIENT_THRESHOLDS,
  type ClientEvidence,
  clientLimitsOf,
  clientUseOf,
} from "../../../src/measure/window/client_use.ts";
import type { ClientLimit } from "../../../src/results/window/client_use.ts";
import { calmUse } from "../../results/result_base.ts";

const calm: ClientEvidence = { ...calmUse, latenessP95Ms: null };
const unknown: ClientEvidence = {
  threadShare: null,
  starvedShare: null,
  writingShare: null,
  readingShare: null,
  judgingShare: null,
  betweenShare: null,
  latenessP95Ms: null,
};

const rows: readonly [why: string, evidence: Partial<ClientEvidence>, because: readonly ClientLimit[]][] = [
  ["its thread was busy", { threadShare: 0.94 }, ["thread"]],
  ["its thread was busy or waited for a core", { threadShare: 0.4, starvedShare: 0.55 }, ["thread"]],
  ["its thread had a little time left", { threadShare: 0.88 }, []],
  ["it spent most of the time on handing over", { threadShare: 0.8, writingShare: 0.82 }, ["writing"]],
  ["it spent most of the time on reading", { threadShare: 0.8, writingShare: 0.2, readingShare: 0.6 }, ["reading"]],
  ["requests were long in being handed over, its thread not at work", { threadShare: 0.4, writingShare: 0.9 }, []],
  ["an answer came slowly, as streams do", { threadShare: 0.1, readingShare: 0.99 }, []],
  ["its thread was at work, on lanes that wait", { threadShare: 0.8, writingShare: 0.1 }, []],
  ["of 38 MB to a server of 5 ms it hands over for half of the time", { threadShare: 0.57, writingShare: 0.56 }, []],
  ["it judged for long", { judgingShare: 0.12 }, ["judging"]],
  ["its lanes stood without a request", { betweenShare: 0.15 }, ["between"]],
  ["it sent late", { latenessP95Ms: 5.1 }, ["late"]],
  ["it sent in time", { latenessP95Ms: 5 }, []],
  ["all at once", { threadShare: 0.99, judgingShare: 0.5, latenessP95Ms: 80 }, ["thread", "judging", "late"]],
];

for (const [why, evidence, because] of rows) {
  Deno.test(`clientLimitsOf() finds ${because.length === 0 ? "nothing" : because.join(", ")} where ${why}`, () => {
    assertEquals(clientLimitsOf({ ...calm, ...evidence }), because);
  });
}

Deno.test("clientLimitsOf() takes nothing for a limit when nothing is known", () => {
  assertEquals(clientLimitsOf(unknown), []);
});

Deno.test("clientLimitsOf() counts the thread's own threshold as busy", () => {
  assertEquals(clientLimitsOf({ ...unknown, threadShare: CLIENT_THRESHOLDS.threadShare }), ["thread"]);
});

Deno.test("clientUseOf() weighs visits by their length, and keeps the highest lag and the ceiling", () => {
  const use = clientUseOf([
    { durationMs: 3000, use: { ...calmUse, threadShare: 0.1 } },
    { durationMs: 1000, use: { ...calmUse, threadShare: 0.5, writingShare: null, lagP99Ms: 9 } },
  ], { ceilingPerSecond: 500, ceilingAtLeast: true });
  assertAlmostEquals(use.threadShare!, 0.2, 1e-9);
  assertAlmostEquals(use.writingShare!, 0.01, 1e-9);
  assertEquals([use.lagP99Ms, use.ceilingPerSecond, use.ceilingAtLeast, use.because], [9, 500, true, []]);
});

Deno.test("clientUseOf() shows the visits that the client limited: what it is blamed for is seen", () => {
  const use = clientUseOf([
    { durationMs: 9000, use: calmUse },
    { durationMs: 1000, use: { ...calmUse, threadShare: 0.97, because: ["thread"] } },
    { durationMs: 1000, use: { ...calmUse, judgingShare: 0.3, threadShare: 0.91, because: ["thread", "judging"] } },
  ], { ceilingPerSecond: null });
  assertAlmostEquals(use.threadShare!, 0.94, 1e-9);
  assertEquals(use.because, ["thread", "judging"]);
});

import { assertEquals } from "@std/assert";
import type { Session } from "../../../src/measure/session.ts";
import { parseObjectives } from "../../../src/objectives/parse_objectives.ts";
import type { Window } from "../../../src/results/window/window.ts";
import { TrialTime } from "../../../src/test_types/load/trial_time.ts";
import { tryLevel } from "../../../src/test_types/load/try_level.ts";
import { estimate } from "../../core/estimates.ts";
import { basicResult } from "../../results/kinds/basic_result.ts";
import { openWindow } from "../../results/window/windows.ts";

const session = { progress: () => {}, elapsedMs: () => 0, partial: null } as unknown as Session;
const time = new TrialTime({ fewest: 10, levelMs: 1000, leftMs: () => Infinity, requestMs: () => 10, beside: 1 });

const tried = (objectives: string, window: Partial<Window>) =>
  tryLevel({ session, objectives: parseObjectives(objectives), time, progress: () => 0 }, "concurrency 8", 8, () => {
    return Promise.resolve({ ...basicResult(), ...window });
  });

Deno.test("tryLevel() blames no server for times at which the client was the limit, and tries them once", async () => {
  const missed = await tried("p50<1ms", {});
  assertEquals([missed.verdict, missed.clientLimited], ["missed", undefined]);
  const limited = await tried("p50<1ms", { clientLimited: true });
  assertEquals([limited.verdict, limited.clientLimited, limited.runs], ["unclear", true, 1]);
  const kept = await tried("p50<1s", { clientLimited: true });
  assertEquals([kept.verdict, kept.clientLimited], ["met", true]);
});

Deno.test("tryLevel() promises no rate by a trial that was cut while requests waited", async () => {
  const whole = await tried("p50<1s", openWindow(40));
  assertEquals(whole.verdict, "met");
  const cut = await tried("p50<1s", { ...openWindow(40), cutShort: true });
  assertEquals(cut.verdict, "unclear");
});

Deno.test("tryLevel() takes failures for the server's own, whoever was the limit", async () => {
  const failed = await tried("errors<1%", { clientLimited: true, errorRate: estimate(0.2, 0.02) });
  assertEquals(failed.verdict, "missed");
});

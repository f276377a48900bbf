import { assertEquals } from "@std/assert";
import { openBudget } from "../../../src/measure/window/window_budget.ts";

Deno.test("openBudget() is as long as so many requests take at the mean rate, in whole bursts", () => {
  const options = { requests: 25 } as const;
  assertEquals(openBudget(options, { kind: "constant", ratePerSecond: 10 }).durationMs, 2500);
  assertEquals(openBudget(options, { kind: "bursts", ratePerSecond: 10, size: 10 }).durationMs, 3000);
  assertEquals(openBudget(options, { kind: "ramp", fromPerSecond: 0, toPerSecond: 10 }).durationMs, 5000);
  // What ends by itself is not bounded by them, nor are trials that have a length of their own.
  assertEquals(openBudget(options, { kind: "trace", requests: 9, lengthMs: 80 }).requests, undefined);
  assertEquals(openBudget({ ...options, quick: true }), { durationMs: 1500, minimumMs: 0, minimumRequests: 0 });
});

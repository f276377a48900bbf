import { assertEquals } from "@std/assert";
import { isServersOwn, isUsable } from "../../../src/results/window/usable.ts";
import type { Window } from "../../../src/results/window/window.ts";
import { estimate } from "../../core/estimates.ts";
import { failedMeasurement, measurement, openWindow } from "./windows.ts";

const failing = (share: number) => measurement(50, 1, 1, { errorRate: estimate(share) });

const rows: readonly [why: string, window: Window, usable: boolean, serversOwn: boolean][] = [
  ["one that succeeded", measurement(50, 1, 1), true, true],
  ["one of which nothing succeeded", failedMeasurement(), false, false],
  [
    "one that was never answered",
    { ...measurement(50, 1, 1), requests: 0, succeeded: 0, errorRate: null },
    false,
    false,
  ],
  [
    "one without a success, whatever it says of errors",
    { ...failedMeasurement(), errorRate: estimate(0) },
    false,
    false,
  ],
  ["one with just under 1 % of errors", failing(0.0099), true, true],
  ["one with 1 % of errors", failing(0.01), false, false],
  ["one that the client limited: it is a lower bound", measurement(50, 1, 1, { clientLimited: true }), true, false],
  ["an open loop that kept up", openWindow(50), true, true],
  ["an open loop that did not", openWindow(50, { saturated: true }), false, false],
  ["an open loop that may not have", openWindow(50, { saturated: null }), false, false],
];

for (const [why, window, usable, serversOwn] of rows) {
  Deno.test(`isUsable() is ${usable} and isServersOwn() ${serversOwn} for ${why}`, () => {
    assertEquals([isUsable(window), isServersOwn(window)], [usable, serversOwn]);
  });
}

Deno.test("isUsable() counts failures itself where a window tells no rate of errors", () => {
  assertEquals(isUsable({ requests: 1000, succeeded: 991, failed: 9 }), true);
  assertEquals(isUsable({ requests: 1000, succeeded: 990, failed: 10 }), false);
});

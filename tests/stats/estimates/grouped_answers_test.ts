import { assertGreaterOrEqual, assertLess } from "@std/assert";
import { held, IN_GROUPS, ONE_BY_ONE, SELDOM_WHOLE } from "./grouped_answers.ts";

const RUNS = 200;

for (const server of IN_GROUPS) {
  Deno.test(`rateEstimate() covers the rate of a few ${server.name}`, () => {
    for (const rounds of [3, 4, 6, 12]) {
      assertGreaterOrEqual(held(server, rounds, RUNS).covered, 0.9, `${rounds} rounds`);
    }
  });
}

for (const server of ONE_BY_ONE) {
  Deno.test(`rateEstimate() covers the rate of few answers that come one by one: ${server.name}`, () => {
    for (const rounds of [4, 6, 12]) {
      assertGreaterOrEqual(held(server, rounds, RUNS).covered, 0.9, `${rounds} rounds`);
    }
  });
}

Deno.test("rateEstimate() knows steady groups of eight to within 3 %", () => {
  const server = IN_GROUPS.find(({ name }) => name === "groups of 8, jitter 1 %")!;
  for (const rounds of [4, 6, 12]) assertLess(held(server, rounds, RUNS).halfWidth, 0.03);
});

Deno.test("rateEstimate() misses what few groups do not show: that others are smaller", () => {
  assertLess(held(SELDOM_WHOLE, 4, RUNS).covered, 0.8);
  assertGreaterOrEqual(held(SELDOM_WHOLE, 24, RUNS).covered, 0.88);
});

import { assertEquals } from "@std/assert";
import type { Estimate } from "../../../src/core/estimate.ts";
import { differingLengths } from "../../../src/stats/ratios/differing_lengths.ts";
import { distribution, estimate } from "../../core/estimates.ts";

const window = (mean: Estimate) => ({ outputTokens: { ...distribution(100), mean } });

Deno.test("differingLengths() tells lengths that are shown to differ by more than a fiftieth", () => {
  const exact = (tokens: number) => window(estimate(tokens, 0));
  assertEquals(differingLengths(exact(512), exact(200)), [512, 200]);
  assertEquals(differingLengths(exact(200), exact(512)), [200, 512]);
  assertEquals(differingLengths(exact(512), exact(512)), null);
  assertEquals(differingLengths(exact(100), exact(101.5)), null);
  assertEquals(differingLengths(window(estimate(512, 300)), window(estimate(200, 100))), null);
});

Deno.test("differingLengths() tells nothing where lengths are not known, or not how well", () => {
  const known = window(estimate(100, 0));
  assertEquals([differingLengths({}, known), differingLengths(known, { outputTokens: null })], [null, null]);
  assertEquals(differingLengths(window(estimate(512, null)), known), null);
});

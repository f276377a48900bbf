import { assertEquals } from "@std/assert";
import { formatEstimate, formatTimeEstimate } from "../../../src/words/estimate/estimate_text.ts";
import { UNITS } from "../../../src/words/quantity.ts";

Deno.test("formatTimeEstimate() names a difference that may be none in the unit of its ends", () => {
  const time = (value: number, low: number, high: number | null) =>
    formatTimeEstimate({ value, low, high, level: 0.95, n: 9 });
  assertEquals(time(-0.014, -55.169, 25.861), "0 ms [-55, 26]");
  assertEquals(time(0.03, -0.02, 0.08), "30 us [-20, 80]");
  assertEquals(time(0.03, 0.02, 0.08), "30.0 us [20.0, 80.0]");
});

Deno.test("formatEstimate() shows of an exact 0 as many digits as its interval's ends have", () => {
  const shown = (low: number, high: number) =>
    formatEstimate({ value: 0, low, high, level: 0.95, n: 1000 }, UNITS.share);
  assertEquals(shown(0, 0.0038), "0.00% [0.00, 0.38]");
  assertEquals(shown(-0.19, 0.19), "0% [-19, 19]");
  assertEquals(shown(0, 0), "0% [0, 0]");
});

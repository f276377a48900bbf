import { assertEquals } from "@std/assert";
import { formatTimeEstimate } from "../../../src/words/estimate/estimate_text.ts";

Deno.test("formatTimeEstimate() names a difference that may be none in the unit of its ends", () => {
  const time = (value: number, low: number, high: number | null) =>
    formatTimeEstimate({ value, low, high, level: 0.95, n: 9 });
  assertEquals(time(-0.014, -55.169, 25.861), "0 ms [-55, 26]");
  assertEquals(time(0.03, -0.02, 0.08), "30 us [-20, 80]");
  assertEquals(time(0.03, 0.02, 0.08), "30.0 us [20.0, 80.0]");
});

import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ascending } from "../../../src/stats/estimates/ascending.ts";

Deno.test("ascending() orders numbers by value and keeps every one of them", () => {
  fc.assert(fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1 }), (values) => {
    // Float64Array orders -0 before 0, which a comparison does not see.
    const expected = [...values].sort((a, b) => a - b || (Object.is(a, -0) ? -1 : 0) - (Object.is(b, -0) ? -1 : 0));
    assertEquals([...ascending(values)], expected);
  }));
});

Deno.test("ascending() leaves its argument as it is", () => {
  const values = [3, 1, 2];
  ascending(values);
  assertEquals(values, [3, 1, 2]);
});

Deno.test("ascending() refuses nothing and NaN", () => {
  assertThrows(() => ascending([]), RangeError, "found 0");
  assertThrows(() => ascending([1, NaN, 2]), RangeError, "NaN");
});

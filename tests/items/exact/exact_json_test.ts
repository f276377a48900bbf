import { assertEquals, assertThrows } from "@std/assert";
import { parseExactly } from "../../../src/items/exact/exact_json.ts";

Deno.test("parseExactly() keeps the digits of integers and refuses what is no number any more", () => {
  const exact: [string, unknown][] = [
    ["[9007199254740993, -9007199254740993]", [9007199254740993n, -9007199254740993n]],
    ['{"a": {"b": 18446744073709551615}, "c": [1, 0.1234567890123456789]}', {
      a: { b: 18446744073709551615n },
      c: [1, 0.1234567890123456789],
    }],
    ["[1e+100, 9007199254740991, 0e500]", [1e100, 9007199254740991, 0]],
    ['"9007199254740993"', "9007199254740993"],
  ];
  for (const [text, value] of exact) assertEquals(parseExactly(text), value);
  for (const number of ["1e400", "-1E+400", "1e-400"]) {
    assertThrows(() => parseExactly(`[0.5, ${number}]`), RangeError, number);
  }
});

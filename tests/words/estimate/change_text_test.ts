import { assertEquals } from "@std/assert";
import { changeText } from "../../../src/words/estimate/change_text.ts";

Deno.test("changeText() lets nothing fall by more than 100 %", () => {
  const ratio = { value: 1.02, low: -0.34, high: 4.35, level: 0.95, n: 3 };
  assertEquals(changeText(ratio), { value: "+2", interval: "[-100, 335]", suffix: "%" });
});

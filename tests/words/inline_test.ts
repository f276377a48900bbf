import { assertEquals } from "@std/assert";
import { capitalized, interval, joined, plainText, quantity, say, sign } from "../../src/words/inline.ts";

Deno.test("say`` keeps quantities, intervals and signs apart from words, and joins neighbouring words", () => {
  const rate = say`${quantity("8 req/s")} ${interval("[7, 9]")}`;
  assertEquals(say`At ${"level"} ${4}: ${rate}${sign("best")}`, [
    { kind: "text", text: "At level 4: " },
    { kind: "quantity", text: "8 req/s" },
    { kind: "text", text: " " },
    { kind: "interval", text: "[7, 9]" },
    { kind: "sign", sign: "best" },
  ]);
});

Deno.test("say`` takes words that look like quantities for what they are: words", () => {
  assertEquals(say`${"no answer in 30 s [1, 2] ✓"}`, [{ kind: "text", text: "no answer in 30 s [1, 2] ✓" }]);
});

Deno.test("say`` and joined() leave out what is empty", () => {
  assertEquals(say`${""}${[]}`, []);
  assertEquals(joined([]), []);
  assertEquals(plainText(joined(["a", quantity("2 s"), "b"], ", ")), "a, 2 s, b");
});

Deno.test("capitalized() raises the first letter of words and leaves a quantity alone", () => {
  assertEquals(plainText(capitalized("the rest")), "The rest");
  assertEquals(plainText(capitalized(say`${quantity("ms")} left`)), "ms left");
  assertEquals(capitalized(""), []);
});

import { assertEquals } from "@std/assert";
import { wrappedLines } from "../../../src/cli/terminal/wrapped_lines.ts";

Deno.test("wrappedLines() breaks long lines alone, between words, and keeps how far in they stand", () => {
  const long = `Error: ${"word ".repeat(30).trim()}`;
  const lines = wrappedLines(`${long}\nHint: short\n    ${"x ".repeat(60).trim()}`, 80).split("\n");
  assertEquals(lines.every((line) => line.length <= 80), true);
  assertEquals(lines.slice(0, 2).join(" "), long);
  assertEquals(lines.slice(2).map((line) => /^ */.exec(line)![0].length), [0, 4, 4]);
});

Deno.test("wrappedLines() leaves a line alone for which there is no room, and breaks a word that is too long", () => {
  assertEquals(wrappedLines("", 80), "");
  assertEquals(wrappedLines("a".repeat(10), 4), "aaaa\naaaa\naa");
  assertEquals(wrappedLines("    aa", 3), "    aa");
});

import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import fc from "fast-check";
import stringWidth from "string-width";
import { alignColumns, alignWithin, pad, wrap } from "../../src/report/text/align.ts";
import { bar } from "../../src/report/text/bar.ts";
import { ASCII_GLYPHS, UNICODE_GLYPHS } from "../../src/report/text/glyphs.ts";
import { interval, quantity, say } from "../../src/words/inline.ts";
import { estimateText, formatEstimate } from "../../src/words/estimate/estimate_text.ts";
import { formatNumber, formatTime, UNITS } from "../../src/words/quantity.ts";

Deno.test("bar() grows with the share and never beyond its cells", () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(fc.property(share, share, fc.integer({ min: 0, max: 40 }), fc.boolean(), (a, b, cells, ascii) => {
    const { bar: blocks } = ascii ? ASCII_GLYPHS : UNICODE_GLYPHS;
    const [shorter, longer] = [Math.min(a, b), Math.max(a, b)].map((share) => bar(share, cells, blocks));
    assertLessOrEqual(stringWidth(shorter!), stringWidth(longer!));
    assertLessOrEqual(stringWidth(longer!), cells);
  }));
});

Deno.test("bar() tells an eighth of a cell apart and shows the smallest share", () => {
  const shown = [0, 0.001, 1 / 8, 2 / 8, 1, 9 / 8].map((cells) => bar(cells / 2, 2, UNICODE_GLYPHS.bar));
  assertEquals(shown, ["", "▏", "▏", "▎", "█", "█▏"]);
});

Deno.test("wrap() keeps every word and no line is wider than asked", () => {
  const words = fc.array(fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 20 }));
  fc.assert(fc.property(words, fc.integer({ min: 2, max: 60 }), (words, cells) => {
    const text = words.join(" ");
    const lines = wrap(text, cells);
    for (const line of lines) assertLessOrEqual(stringWidth(line), cells);
    assertEquals(lines.join("").replaceAll(/\s/g, ""), text.replaceAll(/\s/g, ""));
  }));
});

Deno.test("wrap() breaks neither an interval nor a number from its unit", () => {
  const ends = interval("[11.9, 1,234,567.8]");
  assertEquals(wrap(say`at ${quantity("12.5 ms")} ${ends} it ends`, 20), [
    "at 12.5 ms",
    "[11.9, 1,234,567.8]",
    "it ends",
  ]);
  assertEquals(wrap(say`it takes ${quantity("2.348 s")}`, 14), ["it takes", "2.348 s"]);
});

Deno.test("pad() counts wide characters as two cells and escapes as none", () => {
  assertEquals(pad("⭐", 4, "left"), "⭐  ");
  assertEquals(pad("\x1b[1mab\x1b[0m", 4, "right"), "  \x1b[1mab\x1b[0m");
});

Deno.test("alignColumns() leaves out columns without content", () => {
  assertEquals(alignColumns([["a", "", "b"], ["c", "", "d"]], ["left", "left", "left"]), ["a b", "c d"]);
});

Deno.test("alignWithin() keeps every cell and no line is wider than the page", () => {
  const cell = fc.string({ unit: "grapheme-ascii", maxLength: 30 });
  const rows = fc.array(fc.tuple(cell, cell, cell, cell), { minLength: 1, maxLength: 4 });
  fc.assert(fc.property(rows, fc.integer({ min: 12, max: 80 }), (rows, cells) => {
    const lines = alignWithin(rows, ["left", "right", "left", "right"], { cells, indent: 6 });
    for (const line of lines.flat()) assertLessOrEqual(stringWidth(line), cells);
    const shown = (text: string) => text.replaceAll(/\s/g, "");
    assertEquals(lines.map((row) => shown(row.join(""))), rows.map((row) => shown(row.join(""))));
  }));
});

Deno.test("estimateText() gives three digits, and others where the interval is very narrow or wide", () => {
  const around = (value: number, halfWidth: number) =>
    estimateText({ value, low: value - halfWidth, high: value + halfWidth, level: 0.95, n: 9 }, UNITS.none);
  const rows: [value: number, halfWidth: number, shown: string, interval: string][] = [
    [145.6712, 2.1, "146", "[144, 148]"], // as without an interval
    [145.6712, 0.6, "145.7", "[145.1, 146.3]"], // tenths are known
    [145.6712, 26, "146", "[120, 172]"], // not even the units are sure
    [32.4512, 0.31, "32.5", "[32.1, 32.8]"],
    [145.6712, 0.0001, "145.7", "[145.7, 145.7]"], // four digits are enough for people
    [0.0041, 0.0012, "0.00410", "[0.00290, 0.00530]"],
    [42.3, 71, "42", "[-29, 113]"], // it may as well be none
    [0, 2.1, "0.0", "[-2.1, 2.1]"], // what is 0 has the digits of its ends
    [12_345, 400, "12,345", "[11,945, 12,745]"],
    [-0.001, 0.5, "0.00", "[-0.50, 0.50]"], // no minus before a zero
  ];
  for (const [value, halfWidth, shown, interval] of rows) {
    assertEquals([around(value, halfWidth).value, around(value, halfWidth).interval], [shown, interval]);
  }
});

Deno.test("estimateText() gives a value its own digits beside a lopsided interval", () => {
  const p95 = { value: 9.63, low: 8.12, high: 19.94, level: 0.95, n: 80 };
  assertEquals(formatEstimate(p95, UNITS.milliseconds), "9.63 ms [8.12, 19.94]");
});

Deno.test("formatEstimate() says in words that an end is unknown", () => {
  const estimate = { value: 12.3, low: null, high: null, level: 0.95, n: 3 };
  assertEquals(formatEstimate(estimate, UNITS.milliseconds), "12.3 ms [no interval]");
  assertEquals(formatEstimate({ ...estimate, low: 11.9 }, UNITS.milliseconds), "12.3 ms [at least 11.9]");
  assertEquals(formatEstimate({ ...estimate, high: 20 }, UNITS.milliseconds), "12.3 ms [at most 20.0]");
});

Deno.test("formatTime() changes to seconds at one second", () => {
  assertEquals([formatTime(999.4), formatTime(1000), formatTime(1234.5)], ["999 ms", "1 s", "1.23 s"]);
});

Deno.test("formatNumber() writes any finite number without an exponent", () => {
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }), (number) => {
    assert(/^-?[\d,]+(?:\.\d+)?$/.test(formatNumber(number, UNITS.none)), String(number));
  }));
});

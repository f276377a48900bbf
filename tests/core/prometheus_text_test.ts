import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { parsePrometheus } from "../../src/core/prometheus_text.ts";

const sample = (name: string, value: number, labels: Record<string, string> = {}) => ({ name, labels, value });

Deno.test("parsePrometheus() reads what the format allows, and passes over the rest", () => {
  const rows: readonly [what: string, line: string, samples: readonly ReturnType<typeof sample>[]][] = [
    ["a name alone", "up 1", [sample("up", 1)]],
    ["no labels between braces", "up{} 1", [sample("up", 1)]],
    ["a comma behind the last label", 'x{a="1",} 2', [sample("x", 2, { a: "1" })]],
    ["blanks wherever they may be", '  x { a = "1" , b="2" }\t2 ', [sample("x", 2, { a: "1", b: "2" })]],
    ["escapes", String.raw`x{a="q\"b\\n\n}"} 2`, [sample("x", 2, { a: 'q"b\\n\n}' })]],
    ["a brace and a hash in a label", 'x{a="} 9 # {b=\\"c\\"}"} 2', [sample("x", 2, { a: '} 9 # {b="c"}' })]],
    ["a timestamp", 'x{a="1"} 2.5e3 1700000000000', [sample("x", 2500, { a: "1" })]],
    ["an exemplar of OpenMetrics", 'x{a="1"} 2 # {trace="y"} 0.5 1.7', [sample("x", 2, { a: "1" })]],
    ["an ending of Windows", 'x{a="1"} 2\r', [sample("x", 2, { a: "1" })]],
    ["a negative number", "x -2", [sample("x", -2)]],
    ["NaN", "x NaN", []],
    ["infinities", "x +Inf\nx -Inf", []],
    ["comments", "# HELP x 1\n# TYPE x gauge\n#TYPE x gauge\n# EOF", []],
    ["a label that does not end", 'x{a="1} 2', []],
    ["braces that do not end", 'x{a="1" 2', []],
    ["no value", 'x{a="1"}', []],
    ["HTML", "<!doctype html>\n<h1>x 1</h1>", []],
    ["nothing", "", []],
  ];
  for (const [what, text, samples] of rows) assertEquals(parsePrometheus(text), samples, what);
});

Deno.test("parsePrometheus() reads every label back as it was written", () => {
  const escaped = (text: string) => text.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n");
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme" }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      (label, value) => {
        const line = label.replaceAll("\r", "");
        assertEquals(parsePrometheus(`x{a="${escaped(line)}",b="2"} ${value}`), [
          sample("x", value, { a: line, b: "2" }),
        ]);
      },
    ),
  );
});

Deno.test("parsePrometheus() reads only the metrics that are asked for", () => {
  const text = 'x{a="1"} 1\nxy 2\ny{a="1"} 3\n';
  assertEquals(parsePrometheus(text, new Set(["xy", "z"])), [sample("xy", 2)]);
});

import { assert, assertEquals, assertMatch, assertNotMatch, assertStringIncludes } from "@std/assert";
import { marked, type Token } from "marked";
import { compare } from "../../../src/compare/compare.ts";
import { blocksMarkdown } from "../../../src/report/markdown/blocks_markdown.ts";
import { formatComparisonMarkdown, formatMarkdown } from "../../../src/report/markdown/format_markdown.ts";
import { inlineMarkdown, lineMarkdown } from "../../../src/report/markdown/inline_markdown.ts";
import { column, fact, facts, item, list, row, table } from "../../../src/report/sections/block.ts";
import { sectionsOf } from "../../../src/report/sections/section_of.ts";
import { reports } from "../fixtures.ts";
import { gpuReports } from "../gpu_fixtures.ts";
import { assertGolden } from "../golden.ts";
import { abReport, capacityReport, gatedReport, loadReport } from "../html/html_fixtures.ts";

const golden = { gated: gatedReport, ab: abReport, capacity: capacityReport, partial: reports["partial"]! };
const every = { ...reports, ...gpuReports, ...golden, load: loadReport };

for (const [name, report] of Object.entries(golden)) {
  Deno.test(`formatMarkdown() tells the report "${name}" as the golden text does`, async () => {
    await assertGolden(name, formatMarkdown(report), "markdown");
  });
}

const tokensOf = (text: string, type: string): Token[] => marked.lexer(text).filter((token) => token.type === type);

Deno.test("formatMarkdown() is read by a parser of GitHub's Markdown as the blocks that it was made of", () => {
  for (const [name, report] of Object.entries(every)) {
    const text = formatMarkdown(report);
    assertNotMatch(text, /NaN|null|undefined|Infinity|\[object|\n\n\n/, name);
    const blocks = sectionsOf(report.tests).flatMap(({ blocks }) => blocks);
    const count = (kind: string) => blocks.filter((block) => block.kind === kind).length;
    assert(tokensOf(text, "table").length >= count("table"), name);
    assert(tokensOf(text, "heading").length >= count("heading"), name);
    assertEquals(tokensOf(text, "code").length, 0, name);
    for (const token of tokensOf(text, "table")) {
      assert(token.type === "table");
      for (const cells of token["rows"]) assertEquals(cells.length, token["header"].length, name);
    }
  }
});

Deno.test("formatMarkdown() puts what to do, the gate and the findings before the tables", () => {
  const text = formatMarkdown(gatedReport);
  assertEquals(text.split("What to do:").length, 2);
  const places = ["What to do:", "Gate: failed", "Baseline: failed", "Findings", "Basic test results"].map((words) =>
    text.indexOf(words)
  );
  assertEquals(places, places.toSorted((a, b) => a - b));
  assert(places.every((place) => place > 0));
});

Deno.test("blocksMarkdown() shows words as they are, whatever they would mean", () => {
  const words = "# a | `b` *c* _d_ [e](f) <b> ~g~ &lt; $h$ 1. @you";
  const html = marked.parse(
    blocksMarkdown([
      list([item(words), item("1. first"), item("- second"), item("> third")]),
      facts([fact(words, words)]),
      table([column(words), column("n")], [row([words, words], { isBest: true, note: words })]),
    ]),
    { async: false },
  );
  assertNotMatch(html, /<(?:em|a|b|del|ol|h\d|blockquote|code)[ >]/);
  assertEquals(html.match(/<li>/g)?.length, 5);
  assertEquals(html.match(/<td/g)?.length, 3);
  assertStringIncludes(html, "&amp;lt;");
  assertStringIncludes(html, "@\u200byou");
});

Deno.test("inlineMarkdown() and lineMarkdown() leave alone what means nothing where it stands", () => {
  assertEquals(inlineMarkdown("mobilenet_v2, 5 - 3 # 1. a@ b"), "mobilenet_v2, 5 - 3 # 1. a@ b");
  assertEquals(lineMarkdown("2.348 s"), "2.348 s");
  assertEquals(lineMarkdown("1) a"), "1\\) a");
});

Deno.test("formatComparisonMarkdown() names both runs and tells each number", () => {
  const comparison = compare(reports["whole"]!, reports["quick"]!);
  const text = formatComparisonMarkdown([{ a: "before_1.json", b: "after.json", comparison }]);
  assertMatch(text, /before_1\.json/);
  assertMatch(text, /\| highest throughput \|/);
});

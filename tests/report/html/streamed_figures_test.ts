import { assertEquals, assertMatch, assertNotMatch, assertStringIncludes } from "@std/assert";
import { keyFigures } from "../../../src/report/html/key_figures.ts";
import { formatHtml } from "../../../src/report/html/format_html.ts";
import { column } from "../../../src/report/sections/block.ts";
import { streamingTable } from "../../../src/report/sections/window/streaming.ts";
import { formatMarkdown } from "../../../src/report/markdown/format_markdown.ts";
import { formatText } from "../../../src/report/text/format_text.ts";
import { joined, plainText, type Words } from "../../../src/words/inline.ts";
import { basicResult } from "../../results/kinds/basic_result.ts";
import { streamed } from "../../results/window/streamed.ts";
import { reportOf } from "../report_of.ts";
import { markupOf } from "./markup_of.ts";

const basic = basicResult({ ...streamed(), answers: [], streamQuantiles: {} });
const textOf = (words: Words) => plainText(joined([words]));
const plain = (text: string) => text.replaceAll(/<[^>]+>|\*\*/g, " ").replaceAll("\u00a0", " ").replaceAll(/\s+/g, " ");

Deno.test("the cards of a streamed test name tokens a second, first token and output token, before all else", () => {
  const cards = keyFigures({ basic }).map(({ label, value, context }) => [label, textOf(value), textOf(context)]);
  assertEquals(cards.slice(0, 3), [
    ["Output tokens/s", "800", "batch 1, concurrency 1"],
    ["First token", "40.0 ms", "average; p95 48.0 ms"],
    ["Output token", "8.00 ms", "average; p95 9.60 ms"],
  ]);
  const { outputTokensPerSecond: _, tokenMs: __, ...uncounted } = basic;
  const labels = keyFigures({ basic: uncounted }).map(({ label }) => label);
  assertEquals(labels.slice(0, 2), ["First token", "Throughput"]);
});

Deno.test("text, Markdown and page say of a streamed test what its cards say", () => {
  const report = reportOf({ basic });
  for (const form of [formatText(report), formatMarkdown(report), markupOf(formatHtml(report))]) {
    const answer = plain(form);
    for (const { value, interval } of keyFigures({ basic }).slice(0, 3)) {
      assertStringIncludes(answer, textOf(value));
      assertStringIncludes(answer, textOf(interval));
    }
    assertStringIncludes(answer, "first token after 40.0 ms");
    assertStringIncludes(answer, "then 8.00 ms");
  }
});

Deno.test("tokens a second that the client limited are at least that many, on the card, in the answer and in the section", () => {
  const limited = { ...basic, clientLimited: true };
  const [card] = keyFigures({ basic: limited });
  assertEquals([card!.label, textOf(card!.value)], ["Output tokens/s, at least", "800"]);
  assertMatch(textOf(card!.interval), /^\[at least \d+\]$/);
  const text = plain(formatText(reportOf({ basic: limited })));
  assertStringIncludes(text, "at least 800 tokens/s (the client was the limit), first token after");
  assertStringIncludes(text, "at least 800 tokens/s (the client was the limit), all answers together");
  assertNotMatch(text, /tokens\/s \[\d+, /);
  const [, table] = streamingTable(column("Batch size"), [["1", limited]]);
  assertMatch(JSON.stringify(table), /\[at least \d+\]/);
});

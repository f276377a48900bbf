import { assert, assertEquals, assertNotMatch } from "@std/assert";
import { findingInWords } from "../../src/words/finding_in_words.ts";
import { headline } from "../../src/words/headline.ts";
import { type Inline, plainText } from "../../src/words/inline.ts";
import { recommendationInWords } from "../../src/words/recommendation_in_words.ts";
import { sentenceOf } from "../../src/words/statement.ts";
import { reports } from "../report/fixtures.ts";
import { gpuReports } from "../report/gpu_fixtures.ts";

const all = Object.values({ ...reports, ...gpuReports });
const statements = all.flatMap(({ findings, recommendations }) => [
  ...findings.map(findingInWords),
  ...recommendations.map(recommendationInWords),
]);

Deno.test("findings, recommendations and headlines name no option of the command line", () => {
  for (const sentence of [...statements.map(sentenceOf), ...all.map(headline)]) {
    assertNotMatch(plainText(sentence), /--[a-z]/);
  }
});

Deno.test("findings and recommendations say something, with no number from its unit and no interval in plain words", () => {
  const words = (inline: Inline) => inline.flatMap((span) => span.kind === "text" ? [span.text] : []).join("|");
  assert(statements.length > 50);
  for (const statement of statements) {
    const sentence = sentenceOf(statement);
    assert(plainText(sentence).length > 10);
    assertNotMatch(words(sentence), /\d (?:ms|MB|req\/s|pred\/s|W|J|MHz|USD)\b|\[[\d.]+, /);
  }
});

Deno.test("recommendationInWords() gives what to do apart from what it rests on", () => {
  const overheadMs = { value: 2348, low: 2288, high: 2424, level: 0.95, n: 5 };
  const { label, evidence } = recommendationInWords({ code: "preload", evidence: { overheadMs, thresholdMs: 1000 } });
  assertEquals(
    plainText(label ?? []),
    "Consider model preloading to avoid cold start delays of 2.348 s [2.288, 2.424]",
  );
  assertEquals(plainText(evidence ?? []), "load at start-up, cache the weights, keep it warm");
});

import { assertEquals, assertStringIncludes } from "@std/assert";
import { compare } from "../../src/compare/compare.ts";
import { formatComparison } from "../../src/report/format_comparison.ts";
import type { Comparison } from "../../src/results/comparison.ts";
import { estimate } from "../core/estimates.ts";
import { reportOf } from "../report/report_of.ts";
import { checkBaseline } from "../../src/compare/check_baseline.ts";
import type { GenerationAsked } from "../../src/results/asked/generation_asked.ts";
import { withFailures } from "../results/window/windows.ts";
import { promptsResult } from "../results/kinds/prompts_result.ts";

const LATER = "2026-03-05T09:30:00.000Z";
const first = reportOf({ prompts: promptsResult() });

Deno.test("compare() holds the laws of two prompts tests against each other, and their caches", () => {
  const law = { interceptMs: estimate(8.1, 0.6, 480), perTokenMs: estimate(0.22, 0.003, 480) };
  const second = {
    ...reportOf({
      prompts: promptsResult({ law, prefixCache: { verdict: "no cache seen", lengths: [], requests: 130 } }),
    }),
    startedAt: "2026-03-05T09:30:00.000Z",
  };
  const { figures, verdicts } = compare(first, second);
  assertEquals(
    figures.slice(0, 2).map(({ name, verdict }) => [name, verdict]),
    [
      ["time to first token for 1,000 more prompt tokens", "worse"],
      ["time to first token of an empty prompt", "no difference found"],
    ],
  );
  assertEquals(verdicts, [{ what: "prefix cache", a: "seen", b: "none seen" }]);
  const text = formatComparison(compare(first, second));
  assertStringIncludes(text, "prefix cache: seen against none seen");
});

Deno.test("compare() compares prompts of the same length, also where the longest of one run failed", () => {
  const { levels } = promptsResult();
  const failing = levels.map((level) => level.words === 512 ? withFailures(level, 2) : level);
  const second = {
    ...reportOf({ prompts: promptsResult({ levels: failing }) }),
    startedAt: "2026-03-05T09:30:00.000Z",
  };
  const { figures } = compare(first, second);
  const firstToken = figures.filter(({ name }) => name.startsWith("median time to first token"));
  assertEquals(firstToken.length, 5);
  for (const { name, a, b, verdict } of firstToken) {
    if (name.endsWith("512")) assertEquals(b, null, "1 % or more of its requests failed");
    else assertEquals([a?.value, verdict], [b?.value, "no difference found"], name);
  }
  assertEquals(checkBaseline(first, second, 0.05).passed, false);
});

Deno.test("compare() calls it a critical difference where a language model was asked for something else", () => {
  const of = (generation: GenerationAsked, startedAt = first.startedAt) => ({
    ...first,
    startedAt,
    target: { ...first.target, generation },
  });
  const short: GenerationAsked = {
    endpoint: "chat",
    promptTokens: { mean: 64, least: 64, most: 64 },
    outputTokens: { mean: 32 },
  };
  const differences = (other: Partial<GenerationAsked>) =>
    compare(of(short), of({ ...short, ...other }, LATER)).differences.map(({ what, severity }) => [what, severity]);
  assertEquals(differences({}), []);
  assertEquals(differences({ outputTokens: { mean: 512 } }), [["output tokens", "critical"]]);
  assertEquals(differences({ ignoreEos: true }), [["an earlier end", "critical"]]);
  assertEquals(differences({ temperature: 1 }), [["sampling", "warning"]]);
  assertEquals(differences({ endpoint: "completions" }), [["endpoint", "critical"]]);
  assertEquals(compare(first, of(short, LATER)).differences, [], "what an older file does not say is no difference");
});

Deno.test("compare() says that two prompts tests count in different units", () => {
  const second = { ...first, startedAt: "2026-03-05T09:30:00.000Z" };
  const words = { ...second, tests: { prompts: promptsResult({ lengthIn: "words" }) } };
  assertEquals(compare(first, words).differences.map(({ what, severity }) => [what, severity]), [
    ["what the prompts test counts lengths in", "critical"],
  ]);
  const named = (comparison: Comparison) =>
    comparison.figures.map(({ name }) => name).filter((name) => /more|empty/.test(name));
  assertEquals(named(compare(first, words)), []);
  assertEquals(named(compare(words, { ...words, startedAt: first.startedAt })), [
    "time to first token for 1,000 more prompt words",
    "time to first token of an empty prompt",
  ]);
});

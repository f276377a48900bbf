import { assertEquals, assertStringIncludes } from "@std/assert";
import { compare } from "../../src/compare/compare.ts";
import { formatComparison } from "../../src/report/format_comparison.ts";
import { estimate } from "../core/estimates.ts";
import { reportOf } from "../report/report_of.ts";
import { promptsResult } from "../results/kinds/prompts_result.ts";

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

Deno.test("compare() says that two prompts tests count in different units", () => {
  const second = { ...first, startedAt: "2026-03-05T09:30:00.000Z" };
  const words = { ...second, tests: { prompts: promptsResult({ lengthIn: "words" }) } };
  assertEquals(compare(first, words).differences.map(({ what, severity }) => [what, severity]), [
    ["what the prompts test counts lengths in", "critical"],
  ]);
});

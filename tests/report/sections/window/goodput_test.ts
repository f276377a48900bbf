import { assertEquals, assertStringIncludes } from "@std/assert";
import { column } from "../../../../src/report/sections/block.ts";
import { goodputFacts, goodputTable } from "../../../../src/report/sections/window/goodput.ts";
import { plainText } from "../../../../src/words/inline.ts";
import { distribution } from "../../../core/estimates.ts";
import { basicResult } from "../../../results/kinds/basic_result.ts";
import { limited } from "../../../results/window/limited.ts";

Deno.test("goodput is told with its share, its limits, and what could not be judged", () => {
  const facts = goodputFacts(basicResult(limited())).map(({ label, value }) => `${label}: ${plainText(value)}`);
  assertEquals(facts.slice(1), [
    "Requests with ttft<300ms, tpot<40ms: 92.6% [90.0, 96.0]",
    "Not judged: 5 answers without a time per output token, as all of each came at one moment: neither good nor bad, and " +
    "not in the share",
  ]);
  const singles = goodputFacts(basicResult({ ...limited(), outputTokens: { ...distribution(1), max: 1 } })).at(-1);
  assertStringIncludes(plainText(singles!.value), "as one of a single token has");
  const streams = { answers: 9, tokenSources: {}, refusedCounts: 5, singles: 0, finishes: {}, chunks: 90, reads: 90 };
  const refused = goodputFacts(basicResult({ ...limited(), streams })).at(-1);
  assertStringIncludes(
    plainText(refused!.value),
    "as the server's counts of tokens contradict each other (5 of 9 answers)",
  );
  assertEquals(goodputFacts(basicResult()), []);
  const none = { ...limited(), goodShare: null, goodRequestsPerSecond: null, goodTokensPerSecond: null };
  const [fact] = goodputFacts(basicResult(none));
  assertEquals(fact!.isAbsent, true);
  const [uncounted] = goodputFacts(basicResult({ ...none, outputTokensPerSecond: null }));
  assertEquals(
    plainText(uncounted!.value),
    "not measured: 5 answers without a time per output token, as the server does not count tokens: neither good nor bad, " +
      "and not in the share",
  );
});

Deno.test("goodput of levels is a table where limits were given", () => {
  const level = column("Concurrency");
  assertEquals(goodputTable(level, [["1", basicResult()]]), []);
  assertEquals(goodputTable(level, [["1", basicResult(limited())], ["2", basicResult(limited())]]).length, 2);
});

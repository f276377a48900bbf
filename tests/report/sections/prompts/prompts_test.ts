import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { headline } from "../../../../src/words/headline.ts";
import { plainText } from "../../../../src/words/inline.ts";
import { formatText } from "../../../../src/report/text/format_text.ts";
import type { Report } from "../../../../src/results/report.ts";
import type { PromptsResult } from "../../../../src/results/result.ts";
import { estimate } from "../../../core/estimates.ts";
import { basicResult } from "../../../results/kinds/basic_result.ts";
import { curvedPrompts, promptLevel, promptsResult, refusedPrompts } from "../../../results/kinds/prompts_result.ts";
import { reportOf } from "../../report_of.ts";

/** The report in one line. */
const textOf = (prompts: PromptsResult) => formatText(reportOf({ prompts }), { width: 80 }).replace(/\s+/g, " ");

const PARTS = {
  source: "metrics by vLLM's names",
  requests: 96,
  clientMs: 63.4,
  serverMs: 60.9,
  queueMs: 1.2,
  prefillMs: 59.3,
  differenceMs: estimate(2.5, 0.3, 96),
};

Deno.test("prompts are told by their law, what 1,000 more tokens cost, and what a cache saves", () => {
  const text = textOf(promptsResult());
  assertStringIncludes(text, "First Token: 8.00 ms [7.40, 8.60] and 0.110 ms [0.107, 0.113] for each token");
  assertStringIncludes(text, "1,000 More Tokens: cost 110 ms [107, 113]");
  assertStringIncludes(text, "Prefix Cache: answers repeated prompts sooner: saves 11.0 ms [10.2, 11.8] at 128 words");
  assertStringIncludes(text, "Cached Tokens: 512 of 517 of a repeated prompt, 0 of a new one");
  assertStringIncludes(text, "512 words: 517 tokens 64.9 ms [63.9, 65.5]");
  const words = textOf(promptsResult({ lengthIn: "words" }));
  assertStringIncludes(words, "1,000 More Words: cost");
});

Deno.test("prompts of which no line, no length or no cache can be told say why", () => {
  const curved = textOf(curvedPrompts());
  assertStringIncludes(curved, "First Token: not measured: no straight line fits: at 517 tokens");
  assertStringIncludes(curved, "among the shortest prompts");
  assertStringIncludes(
    curved,
    "Contradiction: the server says that it had most of a repeated prompt, and is no faster",
  );
  assertStringIncludes(curved, "Prompts of 4096 words were refused: the server answers status 400");
  assertStringIncludes(textOf(refusedPrompts()), "Nothing was measured: the server refused every length");
  const because = "its requests failed: status 503";
  const untold = promptsResult({ prefixCache: { verdict: "cannot tell", lengths: [], requests: 3, because } });
  assertStringIncludes(textOf(untold), `Prefix Cache: cannot tell; ${because}`);
  const { prefixCache } = promptsResult();
  const some = textOf(promptsResult({ prefixCache: { ...prefixCache!, because: `at 512 words ${because}` } }));
  assertMatch(
    some,
    /Prefix Cache: answers repeated prompts sooner: saves .* words \(.*\); at 512 words its requests/,
  );
});

Deno.test("the server's own counters stand beside the client's time to first token, or the reason why they do not", () => {
  const levels = promptsResult().levels.map((level) => ({ ...level, firstTokenParts: PARTS }));
  assertStringIncludes(
    textOf(promptsResult({ levels })),
    "32 words: server 60.9 ms queue 1.20 ms prefill 59.3 ms 2.50 ms [2.20, 2.80] outside",
  );
  const one = formatText(reportOf({ basic: basicResult({ firstTokenParts: PARTS }) }), { width: 100 });
  assertStringIncludes(
    one.replace(/\s+/g, " "),
    "client 63.4 ms, server 60.9 ms (queue 1.20 ms, prefill 59.3 ms); they differ by 2.50 ms [2.20, 2.80]",
  );
  const firstTokenParts = "the server counted 200 first tokens where 96 were seen: others use it too";
  assertStringIncludes(
    textOf(promptsResult({ absences: { firstTokenParts } })),
    `By the Server: not measured: ${firstTokenParts}`,
  );
});

Deno.test("the answer of a prompts test alone is its law", () => {
  const told = (prompts: PromptsResult) =>
    plainText(headline({ tests: { prompts }, findings: [], recommendations: [] }));
  assertStringIncludes(told(promptsResult()), "and 110 ms [107, 113] more for each 1,000 tokens of prompt.");
  assertStringIncludes(told(curvedPrompts()), "does not grow in a straight line");
  const { prefixCache: _, ...plain } = promptsResult({ levels: [promptLevel(64)] });
  assertEquals(told(plain).includes("prefix cache"), false);
});

Deno.test("a prompts report says which lengths were sent, whatever else was asked for", () => {
  const report = reportOf({ prompts: promptsResult({ refused: [{ words: 4096, reason: "status 400" }] }) });
  const generation = {
    endpoint: "chat",
    promptTokens: { mean: 128, least: 128, most: 128 },
    outputTokens: { mean: 64 },
  } as const;
  const asked = { ...report, target: { ...report.target, generation } };
  const text = (of: Report) => formatText(of, { width: 80 }).replace(/\s+/g, " ");
  assertStringIncludes(text(asked), "Prompts: made of 32 to 4096 words (chat)");
  const several = { ...asked, tests: { ...asked.tests, basic: basicResult() } };
  assertStringIncludes(text(several), "made of words, 128 tokens (chat); in the prompts test made of 32 to 4096 words");
  assertEquals(text(asked).includes("⭐"), false);
});

Deno.test("a prompts report says in short whether a cache is seen, and why nothing else is known", () => {
  const none = promptsResult({ prefixCache: { ...promptsResult().prefixCache!, verdict: "no cache seen" } });
  assertStringIncludes(textOf(none), "No prefix cache is seen.");
  const refused = [{ words: 4096, reason: "status 400" }];
  const absences = {
    law: "it takes 5 answers to each of 3 lengths: 2 had them",
    promptTokens: "the server counts 7 and 7",
  };
  const few = textOf(promptsResult({ law: null, refused, absences }));
  assertStringIncludes(
    few,
    "What longer prompts cost is not known: it takes 5 answers to each of 3 lengths: 2 had them.",
  );
  assertStringIncludes(few, "Ask for lengths that it takes.");
  assertStringIncludes(few, "Its tokens are not used: the server counts 7 and 7");
});

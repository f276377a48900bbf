import { assert, assertEquals, assertMatch, assertNotMatch, assertStringIncludes } from "@std/assert";
import { plotComparison } from "../../../src/plot/comparison.ts";
import { plotAnswers } from "../../../src/plot/streams/answers.ts";
import { COLORS } from "../../../src/plot/kit/palette.ts";
import { plotPrompts } from "../../../src/plot/streams/prompts.ts";
import { plotTokens } from "../../../src/plot/streams/tokens.ts";
import { plotTrials } from "../../../src/plot/streams/trials.ts";
import { promptsResult } from "../../results/kinds/prompts_result.ts";
import { failedMeasurement } from "../../results/window/windows.ts";
import { streamedBasic, streamedLoad, streamedOpenBasic, streamedScalability } from "./synthetic_streams.ts";

const titlesIn = (svg: string) => [...svg.matchAll(/<title>([^<]*)<\/title>/g)].map(([, title]) => title!);

Deno.test("plotAnswers() shows a row an answer: first token, each chunk and the gap before it", () => {
  const { svg, description } = plotAnswers(streamedBasic());
  const titles = titlesIn(svg);
  assertEquals(titles.filter((title) => title.startsWith("first token after")).length, 10);
  assertEquals(titles.filter((title) => title.startsWith("chunk after")).length, 10 * 39);
  assert(titles.some((title) => /^long gap: first token after .*, 40 tokens in 40 chunks, over after/.test(title)));
  for (const words of ["first event", "gap longer than that", "Time per output token", "since the request was sent"]) {
    assertStringIncludes(svg, words);
  }
  assertMatch(description, /Half of the answers begin within 85\.0\sms.*all together 600\stokens\/s/);
});

Deno.test("plotAnswers() of a server that counts no tokens names none, and tells what waited in the client", () => {
  const { svg } = plotAnswers(streamedOpenBasic());
  assertNotMatch(svg, /output token|tokens\/s|\d tokens/);
  for (const words of ["waiting in the client", "since the request was due", "mean gap"]) {
    assertStringIncludes(svg, words);
  }
});

Deno.test("plotAnswers() draws a file of before by its summary alone", () => {
  const { answers: _, streamQuantiles: __, ...before } = streamedBasic();
  const { svg } = plotAnswers(before);
  assertStringIncludes(svg, "first token, p95:");
  assertNotMatch(svg, /Single answers/);
});

Deno.test("plotTokens() draws the tokens of all over those of one, with its interval turned round", () => {
  const { svg, description } = plotTokens(streamedScalability());
  const [{ value, low, high } = { value: 0, low: 0, high: 0 }] = streamedScalability().levels.map(({ tokenMs }) =>
    tokenMs!.p50
  );
  const shown = titlesIn(svg).find((title) => title.startsWith("concurrency 1: ") && title.endsWith("for one reader"))!;
  const [, ...numbers] = /, ([\d.]+) tokens\/s \[([\d.]+), ([\d.]+)\] for one reader$/.exec(shown)!;
  assertEquals(numbers.map(Number).map(Math.round), [1000 / value, 1000 / high!, 1000 / low!].map(Math.round));
  assertMatch(description, /^At concurrency 8: /);
  const { firstTokenMs: _, ...plain } = streamedScalability().levels[0]!;
  assertStringIncludes(plotTokens({ ...streamedScalability(), levels: [plain] }).svg, "No answer was streamed");
});

Deno.test("plotTokens() draws each limit in the panel of the figure that it is about, and names one that is far above", () => {
  const result = streamedLoad();
  const { svg } = plotTokens(result);
  for (const limit of ["ttft-p95&lt;300ms", "tpot-p95&lt;40ms"]) assertEquals(svg.split(`>${limit}<`).length, 2, limit);
  assertStringIncludes(svg, "highest that keeps the objectives");
  const loose = JSON.parse(
    JSON.stringify(result).replaceAll('"limit":300', '"limit":9000').replaceAll("<300ms", "<9s"),
  );
  assertStringIncludes(plotTokens(loose).svg, "Far above what is drawn: ttft-p95&lt;9s.");
});

Deno.test("plotTrials() shows what each trial found of each objective, and that there were none", () => {
  const { svg, description } = plotTrials(streamedLoad());
  assertMatch(description, /up to 50\sreq\/s offered, and up to concurrency 9\./);
  const titles = titlesIn(svg);
  assert(titles.some((title) => /^80 req\/s offered: 464 ms \[.*\], missed$/.test(title)), titles.join("\n"));
  const none = {
    ...streamedLoad(),
    capacity: { ...streamedLoad().capacity!, rate: { ...streamedLoad().capacity!.rate, highest: null } },
  };
  assertStringIncludes(
    plotTrials(none).description,
    "ttft-p95<300ms,tpot-p95<40ms: known to hold at no rate that was tried, and up to concurrency 9.",
  );
  assertStringIncludes(plotTrials({ ...streamedLoad(), capacity: null }).svg, "Nothing was tried");
});

Deno.test("tokens a second that the client limited are told and drawn as at least that many", () => {
  const plain = (text: string) => text.replaceAll(/&#160;|\u00a0/g, " ");
  const basic = { ...streamedBasic(), clientLimited: true };
  assertMatch(
    plain(plotAnswers(basic).description),
    /all together at least 600 tokens\/s \(the client was the limit\)\./,
  );
  const made = streamedScalability();
  const limited = { ...made, levels: made.levels.map((level) => ({ ...level, clientLimited: true })) };
  const titles = titlesIn(plain(plotTokens(limited).svg)).filter((title) => title.endsWith("for one reader"));
  assert(titles.length > 0 && titles.every((title) => /^concurrency \d+: at least [\d,]+ tokens\/s, /.test(title)));
  assertStringIncludes(plain(plotComparison({ a: basic, b: streamedBasic() }).svg), ">at least 600 tokens/s<");
  const dotted = (svg: string) => svg.match(/stroke-dasharray="2,2"/g)?.length ?? 0;
  // Both rates lose their upper ends: requests and tokens.
  const [open, closed] = [limited, made].map((result) => plotComparison({ a: result }).svg);
  assertEquals(dotted(open!) - dotted(closed!), 2);
});

Deno.test("a level whose answers have no time between tokens is left out, and not drawn as one without a success", () => {
  const made = streamedScalability();
  const levels = made.levels.map((level, k) => k === 0 ? { ...level, tokenMs: null } : level);
  const prompts = promptsResult({ law: null });
  const lengths = prompts.levels.map((level, k) => k === 0 ? { ...level, tokenMs: null } : level);
  const cross = new RegExp(`stroke="${COLORS.vermillion}"`),
    drawn = (svg: string) => svg.replace(/<style>.*?<\/style>/s, "");
  for (const { svg } of [plotTokens({ ...made, levels }), plotPrompts({ ...prompts, levels: lengths })]) {
    assertStringIncludes(svg, "Time per output token");
    assertNotMatch(drawn(svg), cross);
  }
  const failed = { ...prompts.levels[0]!, ...failedMeasurement(), firstTokenMs: null, tokenMs: null };
  assertMatch(drawn(plotPrompts({ ...prompts, levels: [failed, ...prompts.levels.slice(1)] }).svg), cross);
});

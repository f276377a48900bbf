import { assertEquals, assertStringIncludes } from "@std/assert";
import { formatHtml } from "../../../src/report/html/format_html.ts";
import { formatMarkdown } from "../../../src/report/markdown/format_markdown.ts";
import { formatText } from "../../../src/report/text/format_text.ts";
import type { TestResults } from "../../../src/results/result.ts";
import type { GpuMemory } from "../../../src/results/kinds/gpu_memory.ts";
import type { MemoryResult } from "../../../src/results/kinds/memory.ts";
import type { MemoryGrowth } from "../../../src/results/kinds/memory_growth.ts";
import { headline } from "../../../src/words/headline.ts";
import { plainText } from "../../../src/words/inline.ts";
import { estimate } from "../../core/estimates.ts";
import { abResult } from "../../results/kinds/ab_result.ts";
import { basicResult } from "../../results/kinds/basic_result.ts";
import { latencyResult } from "../../results/kinds/latency_result.ts";
import { loadResult } from "../../results/kinds/load_result.ts";
import { memoryResult } from "../../results/kinds/memory_result.ts";
import { operatingPointsResult } from "../../results/kinds/operating_points_result.ts";
import { scalabilityResult } from "../../results/kinds/scalability_result.ts";
import { throughputResult } from "../../results/kinds/throughput_result.ts";
import { streamed } from "../../results/window/streamed.ts";
import { openWindow, withFailures } from "../../results/window/windows.ts";
import { capacityReport } from "../../report/html/html_fixtures.ts";
import { reports } from "../../report/fixtures.ts";
import { reportOf } from "../../report/report_of.ts";

const answer = (tests: TestResults) => plainText(headline(reportOf(tests)));
const nothing = { ratio: null, verdict: "cannot tell", smallestShown: null } as const;
const ab = (verdict: "worse" | "no difference found") => {
  const { effects } = abResult();
  const { ratio: faster } = effects.throughput;
  const ratio = verdict === "worse" ? { ...faster!, value: 0.9, low: 0.87, high: 0.93 } : faster;
  const alike = verdict === "worse" ? {} : { p50: nothing, p95: nothing };
  return abResult({ verdict, effects: { ...effects, ...alike, throughput: { ratio, verdict, smallestShown: 0.031 } } });
};
const slowerInTheMedian = () => {
  const { effects } = ab("no difference found");
  const p50 = { ratio: { ...effects.throughput.ratio!, value: 1.14, low: 1.01, high: 1.3 }, smallestShown: null };
  return abResult({ verdict: "no difference found", effects: { ...effects, p50: { ...p50, verdict: "worse" } } });
};
const tokens = { value: 41.7, low: 40, high: 43, level: 0.95, n: 50 };
const search = capacityReport.tests.load!.capacity!;
const capacity = (rate: Partial<typeof search.rate>) =>
  loadResult({ capacity: { ...search, rate: { ...search.rate, ...rate } } });

const onGpu = (gpu: Partial<GpuMemory>): MemoryResult => {
  const memory = memoryResult(true);
  return { ...memory, gpu: { ...memory.gpu!, ...gpu } };
};
const growing = (bytes: number): MemoryGrowth => ({
  bytesPerRequest: estimate(bytes, 1, 80),
  verdict: "growing",
  pValue: 0.001,
  requests: 931,
});

const cases: readonly [what: string, tests: TestResults, words: string][] = [
  [
    "one load",
    { basic: basicResult() },
    "One request at a time, a single item each: 45.7 req/s [45.0, 46.3], latency 21.9 ms [21.7, 22.1] on average, " +
    "p95 26.3 ms [25.9, 27.6]. Whether the server does more with larger batches or more requests at a time, " +
    "the throughput and scalability tests tell.",
  ],
  [
    "a language model",
    {
      basic: basicResult({
        firstTokenMs: basicResult().latencyMs,
        tokenMs: basicResult().latencyMs,
        outputTokensPerSecond: tokens,
      }),
    },
    "One request at a time: 41.7 tokens/s [40.0, 43.0], first token after 21.9 ms [21.7, 22.1], then 21.9 ms [21.7, 22.1] " +
    "a token, whole answers after 21.9 ms [21.7, 22.1] on average. Whether the server does more with more requests at a " +
    "time, the scalability test tells.",
  ],
  [
    "the best load of a language model",
    {
      scalability: scalabilityResult(undefined, {
        levels: scalabilityResult().levels.map((level) => ({ ...level, ...streamed() })),
      }),
    },
    "Send 4 requests at a time: 800 tokens/s [784, 816], first token p95 48.0 ms [47.3, 50.4]. The limit is queueing: " +
    "more requests at a time only wait.",
  ],
  [
    "the best point of a language model",
    {
      "operating-points": operatingPointsResult(
        operatingPointsResult().points.map((point) => ({ ...point, ...streamed() })),
      ),
    },
    "Send 4 requests at a time: 800 tokens/s [784, 816], first token p95 48.0 ms [47.3, 50.4].",
  ],
  [
    "an offered rate that was too high",
    { basic: basicResult({ ...openWindow(40, { saturated: true }), concurrency: null }) },
    "The server does not keep up with 40 req/s offered: it answered 40.0 req/s [39.4, 40.6]. " +
    "Offer less: the load test tells the highest rate that it keeps up with.",
  ],
  [
    "an offered rate near the limit",
    { basic: basicResult({ ...openWindow(40, { saturated: null }), concurrency: null }) },
    "Whether the server keeps up with 40 req/s offered cannot be told: it answered 40.0 req/s [39.4, 40.6]. " +
    "A longer duration tells, and so does a load further from what the server can do.",
  ],
  [
    "an offered rate that the client could not send",
    { basic: basicResult({ ...openWindow(40, { saturated: true, clientLimited: true }), concurrency: null }) },
    "40 req/s offered was too much for this client, so that the server's own end was not seen: at least 40 req/s (the " +
    "client was the limit). Measure with a stronger client: this one was the limit.",
  ],
  [
    "a capacity beyond which the client was the limit",
    {
      load: capacity({
        highest: 50,
        lowestMissed: 52,
        probes: [{ level: 52, verdict: "unclear", outcomes: [], saturated: false, runs: 1, clientLimited: true }],
      }),
    },
    "The server keeps p99<100ms,errors<5% up to 50 req/s at least; at 52 req/s the client was the limit. " +
    "Send no more than 50 req/s.",
  ],
  [
    "a search for a capacity that was broken off",
    {
      load: {
        ...capacity({ highest: null, lowestMissed: null, ended: "stopped early", probes: [] }),
        partial: "interrupted",
      },
    },
    "No rate was found that keeps p99<100ms,errors<5%: the test ended before one was tried to its end.",
  ],
  [
    "rates beside a capacity that nothing could tell",
    {
      load: loadResult({
        levels: [openWindow(20, { saturated: null })],
        sustainedPerSecond: null,
        absences: { capacity: "tpot-p95<40ms cannot be told: no answer had tokens" },
      }),
    },
    "No capacity was searched: tpot-p95<40ms cannot be told: no answer had tokens. " +
    "Of none of the offered rates is it sure that the server keeps up with it, of which the lowest is 20 req/s. " +
    "Offer lower rates, or measure longer, to find the highest that it keeps up with.",
  ],
  [
    "rates of which none was surely sustained",
    { load: loadResult({ levels: [openWindow(20, { saturated: null })], sustainedPerSecond: null }) },
    "Of none of the offered rates is it sure that the server keeps up with it, of which the lowest is 20 req/s. " +
    "Offer lower rates, or measure longer, to find the highest that it keeps up with.",
  ],
  [
    "a rate that was kept up with and failed too often",
    {
      load: loadResult({
        levels: [
          withFailures(openWindow(20), 2),
          withFailures(openWindow(40, { saturated: null }), 90),
        ],
        sustainedPerSecond: null,
      }),
    },
    "The server kept up with 20 req/s, the lowest offered, but every rate that it kept up with had 1 % errors or more. " +
    "Fix the errors first: 30.7% of the requests of the load test at offered rate 20 and 40 failed.",
  ],
  [
    "cold starts",
    { latency: latencyResult() },
    "A cold start takes 2.37 s [2.31, 2.45], a warm request 22.1 ms [21.9, 22.3]. " +
    "Preload the model: a cold start costs 2.35 s [2.29, 2.42].",
  ],
  [
    "a sweep, which a recommendation tells",
    { throughput: throughputResult() },
    "Send batches of 8: 146 pred/s [144, 148].",
  ],
  [
    "the only level of a sweep",
    reports["one-level"]!.tests.scalability === undefined
      ? {}
      : { scalability: reports["one-level"]!.tests.scalability },
    "119 req/s [117, 120] at concurrency 4, the only one measured. Measure others as well to find the best one.",
  ],
  [
    "a sweep and its limit",
    { scalability: scalabilityResult() },
    "Send 4 requests at a time: 119 req/s [117, 120], p95 40.5 ms [39.9, 42.5]. " +
    "The limit is queueing: more requests at a time only wait.",
  ],
  [
    "memory",
    { memory: memoryResult() },
    "The model takes 58.5 MiB of memory, the server 293.4 MiB at its peak; under load it is stable. Plan for that peak.",
  ],
  [
    "memory of which the model's part is not known",
    { memory: { ...memoryResult(), modelFootprintBytes: null } },
    "The server takes 293.4 MiB of memory at its peak; under load it is stable. Plan for that peak.",
  ],
  [
    "memory of a GPU that grows by its allocator's counters, as the finding has it",
    { memory: onGpu({ allocatedGrowth: growing(4096) }) },
    "The model takes 908.0 MiB of GPU memory, the server 1440.0 MiB at its peak; under load it grows by 4096 bytes/request " +
    "[4095, 4097]. Look for a leak of GPU memory.",
  ],
  [
    "memory of a GPU that a cache filled, as the finding has it",
    { memory: onGpu({ growth: growing(2 ** 20), allocatedGrowth: memoryResult(true).gpu!.growth }) },
    "The model takes 908.0 MiB of GPU memory, the server 1440.0 MiB at its peak; under load it is stable. Plan for that peak.",
  ],
  [
    "memory of a server whose work other processes do",
    {
      memory: {
        ...memoryResult(),
        growth: { ...memoryResult().growth!, verdict: "cannot tell", because: "the work is done elsewhere" },
      },
    },
    "The model takes 58.5 MiB of memory, the server 293.4 MiB at its peak; whether it grows under load cannot be told: " +
    "the work is done elsewhere.",
  ],
  [
    "memory of a GPU without the model's part of it",
    { memory: onGpu({ modelFootprintBytes: null, growth: null }) },
    "The server takes 1440.0 MiB of GPU memory at its peak. A longer soak tells whether it grows.",
  ],
  [
    "memory of a host that grows beside a GPU's that does not",
    { memory: { ...memoryResult(true), growth: growing(20_000) } },
    "The model takes 908.0 MiB of GPU memory, the server 1440.0 MiB at its peak; under load it is stable; its memory on the " +
    "host grows by 20,000 bytes/request [19,999, 20,001] under load. Look for a memory leak.",
  ],
  [
    "memory that could not be seen",
    reports["no-gpu-remote"]!.tests.memory === undefined ? {} : { memory: reports["no-gpu-remote"]!.tests.memory },
    "The server's memory was not measured: the server runs on another host and reports no memory.",
  ],
  [
    "rates",
    { load: loadResult() },
    "The server keeps up with 40 req/s, p95 28.8 ms, and no longer with 80 req/s. Send no more than 40 req/s.",
  ],
  [
    "rates that were too many for the client",
    { load: loadResult({ levels: [openWindow(40), openWindow(80, { saturated: true, clientLimited: true })] }) },
    "The server keeps up with 40 req/s, p95 28.8 ms; 80 req/s were too many for this client, so that the server's own " +
    "end was not seen. Measure with a stronger client: this one was the limit.",
  ],
  [
    "rates of which even the lowest was too many for the client",
    {
      load: loadResult({
        levels: [openWindow(80, { saturated: true, clientLimited: true })],
        sustainedPerSecond: null,
      }),
    },
    "80 req/s were too many for this client, so that the server's own end was not seen. " +
    "Measure with a stronger client: this one was the limit.",
  ],
  [
    "rates of which none was sustained",
    { load: loadResult({ levels: [openWindow(20, { saturated: true })], sustainedPerSecond: null }) },
    "The server kept up with none of the offered rates, of which the lowest is 20 req/s. " +
    "Offer lower rates to find the highest that it keeps up with.",
  ],
  [
    "a capacity",
    { load: capacity({}) },
    "The server keeps p99<100ms,errors<5% up to 25 req/s; 50 req/s misses them. Send no more than 25 req/s.",
  ],
  ...(["stopped early", "always met"] as const).map((ended): (typeof cases)[number] => [
    `a capacity above which nothing was missed, ${ended}`,
    { load: capacity({ lowestMissed: null, ended }) },
    "The server keeps p99<100ms,errors<5% up to 25 req/s at least, the most that was tried. " +
    "A longer run, or a stronger client, tells more.",
  ]),
  [
    "no capacity",
    { load: capacity({ highest: null, lowestMissed: 4.13, ended: "never met" }) },
    "No rate was found that keeps p99<100ms,errors<5%: even 4.13 req/s did not. " +
    "Send less still, loosen the objectives, or make the server faster.",
  ],
  ["a faster server", { ab: abResult() }, "B is faster: throughput +10.0% [7.0, 13.0] over 6 blocks. Take B."],
  ["a slower server", { ab: ab("worse") }, "B is slower: throughput -10.0% [-13.0, -7.0] over 6 blocks. Keep A."],
  [
    "servers whose answers differ in length",
    {
      ab: abResult({
        a: { ...abResult().a, ...streamed() },
        b: { ...abResult().b, ...streamed() },
        verdict: "cannot tell",
        absences: { verdict: "answers of A have 512 tokens on average, those of B 200" },
      }),
    },
    "Which server is faster cannot be told: answers of A have 512 tokens on average, those of B 200, at 800 tokens/s " +
    "[784, 816] and 800 tokens/s [784, 816]. Have both write on to the limit (ignore_eos) to compare them.",
  ],
  [
    "two servers alike",
    { ab: ab("no difference found") },
    "No difference was found: throughput +10.0% [7.0, 13.0] over 6 blocks; one of 3.10% would have shown four times in " +
    "five. Choose by something other than speed, or run more blocks to see a smaller difference.",
  ],
  [
    "two servers alike but for a latency",
    { ab: slowerInTheMedian() },
    "No difference of throughput was found: throughput +10.0% [7.0, 13.0] over 6 blocks; one of 3.10% would have shown " +
    "four times in five. B differs in its median latency (+14% [1, 30], worse). Run more blocks to see whether it is " +
    "faster all in all.",
  ],
  [
    "no block",
    {
      ab: abResult({
        verdict: "cannot tell",
        blocks: [],
        effects: { throughput: nothing, p50: nothing, p95: nothing },
      }),
    },
    "Which server is faster cannot be told: no block was finished.",
  ],
];

for (const [what, tests, words] of cases) {
  Deno.test(`the answer of a single test says what was found and what to do: ${what}`, () => {
    assertEquals(answer(tests), words);
  });
}

Deno.test("text, page and Markdown begin with one answer, whose figures stand in the test's section", () => {
  for (
    const tests of [{ basic: basicResult() }, { latency: latencyResult() }, { load: loadResult() }, { ab: abResult() }]
  ) {
    const report = reportOf(tests);
    const words = plainText(headline(report));
    const text = formatText(report, { width: 10_000 });
    assertStringIncludes(text, `\nIn short: ${words}\n`);
    const [, section] = text.split("TEST RESULTS");
    for (const [figure] of words.matchAll(/[+-]?[\d.]+(?:%| ms| s| req\/s)(?: \[[^\]]*\])?/g)) {
      assertStringIncludes(section!, figure);
    }
    assertStringIncludes(formatMarkdown(report), "**In short:** ");
    assertStringIncludes(formatHtml(report), '<p class="lead">');
  }
});

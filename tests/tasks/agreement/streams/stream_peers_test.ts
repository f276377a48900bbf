import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { aiperfDefinitions, parseAiperf } from "../../../../tasks/agreement/streams/aiperf.ts";
import { redefined } from "../../../../tasks/agreement/streams/own.ts";
import { promptsOf } from "../../../../tasks/agreement/streams/prompts.ts";
import { parseVllmBench, vllmDefinitions } from "../../../../tasks/agreement/streams/vllm_bench.ts";

/** Of a file of AIPerf 0.13. */
const AIPERF = {
  time_to_first_token: { unit: "ms", avg: 116.899164625, p50: 112.72805199999999, p99: 162.74016104999998 },
  inter_token_latency: { unit: "ms", avg: 24.146525149193547, p50: 23.06151580645161 },
  request_latency: { unit: "ms", avg: 865.4414442499999, p50: 837.465386 },
  output_token_throughput: { unit: "tokens/sec", avg: 72.64738633846257 },
  request_count: { unit: "requests", avg: 8.0 },
};

Deno.test("parseAiperf() takes medians, and refuses a run in which requests failed", () => {
  assertEquals(parseAiperf(AIPERF, { prompts: Array(8).fill("") }), {
    firstTokenMs: 112.72805199999999,
    tokenMs: 23.06151580645161,
    latencyMs: 837.465386,
    tokensPerSecond: 72.64738633846257,
  });
  assertThrows(() => parseAiperf(AIPERF, { prompts: Array(9).fill("") }), RangeError, "8 of 9 did");
  assertThrows(() => parseAiperf({ request_count: { avg: 1 } }, { prompts: [""] }), RangeError, "time_to_first_token");
});

/** Of a file of `vllm bench serve` 0.32. */
const VLLM = {
  completed: 8,
  output_throughput: 70.5,
  median_ttft_ms: 3.1,
  median_tpot_ms: 24.5,
  median_e2el_ms: 840.25,
};

Deno.test("parseVllmBench() takes medians, and refuses a run in which requests failed", () => {
  assertEquals(parseVllmBench(VLLM, 8), { firstTokenMs: 3.1, tokenMs: 24.5, latencyMs: 840.25, tokensPerSecond: 70.5 });
  assertThrows(() => parseVllmBench({ ...VLLM, completed: 0 }, 8), RangeError, "0 of 8 did");
  assertThrows(() => parseVllmBench({ completed: 8 }, 8), RangeError, "median_ttft_ms");
});

Deno.test("redefined() takes a role for the first token where the other does", () => {
  const request = { sentAt: 0, firstEventAt: 10, firstTokenAt: 50, lastTokenAt: 150, endedAt: 200, outputTokens: 11 };
  const requests = [request, {
    ...request,
    sentAt: 200,
    firstEventAt: 210,
    firstTokenAt: 250,
    lastTokenAt: 350,
    endedAt: 400,
  }];
  const alike = { latencyMs: 150, tokensPerSecond: 55 };
  assertEquals(redefined(requests, { define: aiperfDefinitions }), { ...alike, firstTokenMs: 50, tokenMs: 10 });
  assertEquals(redefined(requests, { define: vllmDefinitions }), { ...alike, firstTokenMs: 10, tokenMs: 14 });
});

Deno.test("promptsOf() makes the same of the same seed, and all of one length", () => {
  const prompts = promptsOf(5, 6, 1);
  assertEquals(prompts.map((prompt) => prompt.split(" ").length), [6, 6, 6, 6, 6]);
  assertEquals(promptsOf(5, 6, 1), prompts);
  assertEquals(new Set(prompts).size, 5);
  assertNotEquals(promptsOf(5, 6, 2), prompts);
});

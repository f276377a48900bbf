import { assertEquals, assertRejects } from "@std/assert";
import { TargetError } from "../../../src/core/errors.ts";
import type { Call } from "../../../src/core/transport.ts";
import { languageTimings } from "../../../src/protocols/streams/server_metrics.ts";

const answering = (text: string, status = 200): Call => () =>
  Promise.resolve({ status, headers: {}, body: new TextEncoder().encode(text) });

const histogram = (name: string, labels: string, sum: number, count: number) =>
  `# TYPE ${name} histogram\n${name}_bucket{${labels},le="+Inf"} ${count}\n` +
  `${name}_sum{${labels}} ${sum}\n${name}_count{${labels}} ${count}\n`;

const OWN = 'engine="0",model_name="alpha"', OTHER = 'engine="0",model_name="beta"';
const VLLM = [
  histogram("vllm:time_to_first_token_seconds", OWN, 1.5, 20),
  histogram("vllm:time_to_first_token_seconds", 'engine="1",model_name="alpha"', 0.5, 5),
  histogram("vllm:time_to_first_token_seconds", OTHER, 99, 99),
  histogram("vllm:request_queue_time_seconds", OWN, 0.25, 24),
  histogram("vllm:request_prefill_time_seconds", OWN, 1.25, 24),
  histogram("vllm:request_inference_time_seconds", OWN, 8, 24),
].join("");

Deno.test("languageTimings() reads vLLM's histograms of the model, all engines together", async () => {
  const { serverTimings, lack } = await languageTimings(answering(VLLM));
  assertEquals(lack, {});
  assertEquals(await serverTimings!("alpha"), {
    source: "metrics by vLLM's names (time_to_first_token, request_queue_time, request_prefill_time)",
    requests: 25,
    executions: null,
    predictions: null,
    queueMs: 250,
    computeMs: 8000,
    computed: 24,
    firstTokens: 25,
    firstTokenMs: 2000,
    queued: 24,
    queuedMs: 250,
    prefilled: 24,
    prefilledMs: 1250,
  });
  // One that names its only model otherwise, as with --served-model-name of before.
  const single = await languageTimings(answering(histogram("vllm:time_to_first_token_seconds", OWN, 3, 4)));
  const { firstTokens, prefilled, computeMs } = await single.serverTimings!("gamma");
  assertEquals([firstTokens, prefilled, computeMs], [4, 0, null]);
});

Deno.test("languageTimings() reads what TGI and SGLang count", async () => {
  const tgi = histogram("tgi_request_queue_duration", 'a="b"', 0.5, 10) +
    histogram("tgi_request_inference_duration", 'a="b"', 4, 10);
  const { serverTimings } = await languageTimings(answering(tgi));
  const { requests, queueMs, computeMs, firstTokens } = await serverTimings!("any");
  assertEquals([requests, queueMs, computeMs, firstTokens], [10, 500, 4000, undefined]);
  const sglang = histogram("sglang:time_to_first_token_seconds", OWN, 2, 10) +
    histogram("sglang:queue_time_seconds", OWN, 1, 10);
  const told = await (await languageTimings(answering(sglang))).serverTimings!("alpha");
  assertEquals([told.firstTokenMs, told.queuedMs, told.prefilled, told.computeMs], [2000, 1000, 0, null]);
});

Deno.test("languageTimings() says why there are none, and never keeps a model from being measured", async () => {
  const lackOf = async (call: Call) => (await languageTimings(call)).lack.serverTimings;
  const none = "the server does not tell its own time: GET /metrics does not answer";
  assertEquals(await lackOf(answering("Not Found", 404)), none);
  assertEquals(await lackOf(() => Promise.reject(new TypeError("nothing is asked"))), none);
  assertEquals(
    await lackOf(answering("process_cpu_seconds_total 3\n")),
    "the server does not tell its own time: GET /metrics names no times of requests",
  );
  let up = true;
  const { serverTimings } = await languageTimings((...asked) => answering(VLLM, up ? 200 : 503)(...asked));
  up = false;
  await assertRejects(() => serverTimings!("alpha"), TargetError, "GET /metrics must succeed");
});

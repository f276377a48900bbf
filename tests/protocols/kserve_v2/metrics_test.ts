import { assertEquals, assertRejects } from "@std/assert";
import { ExchangeError, TargetError } from "../../../src/core/errors.ts";
import type { Call } from "../../../src/core/transport.ts";
import { findTimings, type ReadTimings } from "../../../src/protocols/kserve_v2/metrics.ts";

/** Of MLServer 1.7.1, what is not of requests left out. */
const MLSERVER = `# HELP process_resident_memory_bytes Resident memory size in bytes.
# TYPE process_resident_memory_bytes gauge
process_resident_memory_bytes 1.41037568e+08
# HELP model_infer_request_success_total Model infer request success count
# TYPE model_infer_request_success_total counter
model_infer_request_success_total{model="m",version="None"} 91.0
# HELP model_infer_request_failure_total Model infer request failure count
# TYPE model_infer_request_failure_total counter
model_infer_request_failure_total{model="m",version="None"} 0.0
# HELP model_infer_request_duration Model infer request duration
# TYPE model_infer_request_duration summary
model_infer_request_duration_count{model="m",version="None"} 91.0
model_infer_request_duration_sum{model="m",version="None"} 1.3433089359677979
# HELP model_infer_request_duration_created Model infer request duration
# TYPE model_infer_request_duration_created gauge
model_infer_request_duration_created{model="m",version="None"} 1.795735674236708e+09
`;

/** Of KServe's SDK 0.21.0, most buckets left out. */
const KSERVE = `# HELP request_preprocess_seconds pre-process request latency
# TYPE request_preprocess_seconds histogram
request_preprocess_seconds_bucket{le="0.005",model_name="mlp"} 140.0
request_preprocess_seconds_bucket{le="+Inf",model_name="mlp"} 140.0
request_preprocess_seconds_count{model_name="mlp"} 140.0
request_preprocess_seconds_sum{model_name="mlp"} 0.008224143944971729
# HELP request_postprocess_seconds post-process request latency
# TYPE request_postprocess_seconds histogram
request_postprocess_seconds_count{model_name="mlp"} 140.0
request_postprocess_seconds_sum{model_name="mlp"} 0.011906218009244185
# HELP request_predict_seconds predict request latency
# TYPE request_predict_seconds histogram
request_predict_seconds_bucket{le="0.01",model_name="mlp"} 132.0
request_predict_seconds_bucket{le="+Inf",model_name="mlp"} 140.0
request_predict_seconds_count{model_name="mlp"} 140.0
request_predict_seconds_sum{model_name="mlp"} 0.8944250959903002
# HELP request_explain_seconds explain request latency
# TYPE request_explain_seconds histogram
`;

const answering = (text: string | null, status = 200): Call => () => {
  if (text === null) return Promise.reject(new ExchangeError("refused", "no"));
  return Promise.resolve({ status, headers: {}, body: new TextEncoder().encode(text) });
};

async function reader(call: Call, server: string | null): Promise<ReadTimings> {
  const found = await findTimings(call, server);
  if (typeof found === "string") throw new Error(found);
  return found;
}

Deno.test("findTimings() reads the whole of an inference from MLServer's metrics", async () => {
  const read = await reader(answering(MLSERVER), "mlserver");
  const { source, requests, computeMs, queueMs, inputMs } = await read("m");
  assertEquals(source, "MLServer's model_infer_request_duration, its queue included");
  assertEquals([requests, computeMs, queueMs, inputMs], [91, 1343.3089359677979, null, undefined]);
  assertEquals((await read("other")).requests, 0);
});

Deno.test("findTimings() reads the parts of an inference from the metrics of KServe's SDK", async () => {
  const { requests, computeMs, inputMs, outputMs } = await (await reader(answering(KSERVE), "kserve"))("mlp");
  assertEquals([requests, computeMs, inputMs, outputMs], [
    140,
    894.4250959903002,
    8.224143944971729,
    11.906218009244185,
  ]);
});

Deno.test("findTimings() looks for MLServer's metrics on their own port, and awaits its first request", async () => {
  const asked: [string, number][] = [];
  const callTo = (address: string, offset: number) => {
    asked.push([address, offset]);
    return answering("");
  };
  const found = await findTimings(answering(null), "MLServer", { callTo });
  assertEquals(typeof found, "function");
  assertEquals(typeof await findTimings(answering(null), "kserve", { callTo }), "string");
  assertEquals(asked, [["metrics", 2], ["metrics", 0]]);
});

Deno.test("findTimings() says why nothing tells the server's time", async () => {
  const why = "GET /v2 does not name the extension statistics, and no metrics";
  assertEquals(await findTimings(answering(null), null), `${why} at GET /metrics tell its time`);
  assertEquals(await findTimings(answering(KSERVE, 404), "kserve"), `${why} at GET /metrics tell its time`);
  assertEquals(
    await findTimings(answering(null), "mlserver"),
    `${why} on the second port behind that of its API tell its time`,
  );
});

Deno.test("findTimings() rejects where metrics that were there are gone", async () => {
  let text: string | null = KSERVE;
  const read = await reader((request, options) => answering(text)(request, options), "kserve");
  text = null;
  await assertRejects(() => read("mlp"), TargetError, "as GET /metrics must succeed");
});

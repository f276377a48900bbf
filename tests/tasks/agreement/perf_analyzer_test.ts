import { assertEquals, assertThrows } from "@std/assert";
import { createEncoder } from "../../../src/protocols/kserve_v2/encode.ts";
import { inputData, parsePerfAnalyzer } from "../../../tasks/agreement/perf_analyzer.ts";

const recorded = await Deno.readTextFile(new URL("recorded/perf_analyzer.csv", import.meta.url));

Deno.test("parsePerfAnalyzer() reads the rate and the quantiles of a recorded report, in ms", () => {
  assertEquals(parsePerfAnalyzer(recorded, 1), {
    requestsPerSecond: 16.852,
    p50Ms: 49.052,
    p95Ms: 112.398,
    p99Ms: 135.904,
  });
  assertEquals(parsePerfAnalyzer(recorded, 4).requestsPerSecond, 16.852 / 4);
});

Deno.test("parsePerfAnalyzer() refuses a report without a row or without a column", () => {
  const [head] = recorded.split("\n");
  assertThrows(() => parsePerfAnalyzer(`${head}\n`, 1), RangeError, "Inferences/Second");
  assertThrows(() => parsePerfAnalyzer(recorded.replace("p95 latency", "p94 latency"), 1), RangeError, "p95 latency");
});

Deno.test("inputData() gives each item's raw tensors without the batch dimension", () => {
  const { encode } = createEncoder("m", { batched: true }, true);
  const tensor = { name: "image", datatype: "FP32", shape: [2], data: Float64Array.of(1, -2) } as const;
  const [request, json] = [true, false].map((binary) =>
    createEncoder("m", { batched: true }, binary).encode([{ kind: "tensors", tensors: [tensor] }])
  );
  const b64 = new Uint8Array(Float32Array.of(1, -2).buffer).toBase64();
  assertEquals(inputData([request!]), { data: [{ image: { b64, shape: [2] } }] });
  const second = { ...tensor, data: Float64Array.of(3, 4) };
  const batch = encode([tensor, second].map((tensor) => ({ kind: "tensors", tensors: [tensor] })));
  assertEquals(inputData([batch]).data, [
    { image: { b64, shape: [2] } },
    { image: { b64: new Uint8Array(Float32Array.of(3, 4).buffer).toBase64(), shape: [2] } },
  ]);
  assertThrows(() => inputData([json!]), TypeError, "raw");
});

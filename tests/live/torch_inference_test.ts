import { assertEquals, assertStringIncludes } from "@std/assert";
import type { InputSpec } from "../../src/core/model_input.ts";
import { connect } from "../../src/protocols/connect.ts";
import { runBasicTest } from "../../src/test_types/basic.ts";
import { runLatencyTest } from "../../src/test_types/latency/latency.ts";
import { startTorchInferencePython } from "./servers/torch_inference_python.ts";
import { liveTest } from "./live_case.ts";
import { LIVE_MODELS } from "./expectations.ts";
import { liveSuite } from "./suite.ts";

const PROTOCOL = "torch-inference";

for (const live of LIVE_MODELS) {
  await liveSuite(`torch-inference server in Python, ${live.model}`, { start: (e) => startTorchInferencePython(e) }, {
    protocol: PROTOCOL,
    ...live,
    batchSizes: [1, 4],
    batching: "request",
    serverTimeInAnswer: true,
    wrongModel: "status",
  });
}

await liveTest(
  "live torch-inference server in Python that answers unknown models by another",
  { start: (e) => startTorchInferencePython(e, { models: ["resnet18"], answerUnknownByExample: true }) },
  [PROTOCOL],
  async (server, t) => {
    await using target = await connect(server.url, { model: "resnet18" });
    await t.step("its answers are failures, however successful they look", async () => {
      const result = await runBasicTest({ ...target, model: "bert" }, { requests: 10, warmUpRequests: 1 });
      assertEquals(result.succeeded, 0);
      assertEquals(result.partial, "target-lost");
      assertStringIncludes(result.lost!.reason, 'a prediction is answered by "example" in its place');
    });
    await t.step("the other takes a number, and a list that is one item", async () => {
      const list: InputSpec = { kind: "samples", samples: [{ kind: "json", value: [1, 2.5, 3] }] };
      for (const inputs of [undefined, list]) {
        await using example = await connect(server.url, {
          model: "example",
          ...inputs === undefined ? {} : { inputs },
        });
        const result = await runBasicTest(example, { requests: 20, warmUpRequests: 1 });
        assertEquals([result.failuresByReason, result.succeeded], [{}, 20]);
      }
    });
    await t.step("a cold start is seen all the same", async () => {
      const { cold, absences } = await runLatencyTest(target, { quick: true, coldStarts: 1, requests: 20 });
      assertStringIncludes(cold?.samples[0]?.evidence ?? absences["cold"] ?? "", "example");
    });
  },
);

import { assert, assertEquals, assertFalse, assertRejects, assertStringIncludes } from "@std/assert";
import { TargetError } from "../../src/core/errors.ts";
import type { InputSpec } from "../../src/core/model_input.ts";
import { connect } from "../../src/protocols/connect.ts";
import { runBasicTest } from "../../src/test_types/basic.ts";
import { runLatencyTest } from "../../src/test_types/latency/latency.ts";
import { runThroughputTest } from "../../src/test_types/throughput.ts";
import type { LiveEnvironment } from "./environment.ts";
import { startTorchServe, type TorchServe, whyNoTorchServe } from "./servers/torchserve.ts";
import { liveTest } from "./live_case.ts";
import { LIVE_MODELS } from "./expectations.ts";
import { liveSuite } from "./suite.ts";

const PROTOCOL = "torchserve";
const inputs: InputSpec = {
  kind: "tensors",
  tensors: [{ name: "input", datatype: "FP32", shape: [3, 64, 64] }],
};

await liveSuite("TorchServe", { whyNot: whyNoTorchServe, start: (e) => startTorchServe(e) }, {
  protocol: PROTOCOL,
  ...LIVE_MODELS[0],
  inputs,
  batchSizes: [1, 4],
  batching: "server",
  serverTimeInAnswer: false,
  wrongModel: "status",
});

const withTwoWorkers = {
  whyNot: whyNoTorchServe,
  start: (e: LiveEnvironment) => startTorchServe(e, { workers: 2 }),
};

await liveTest<TorchServe>("live TorchServe with two workers", withTwoWorkers, [PROTOCOL], async (server, t) => {
  const registration = async () => {
    const [{ workers, minWorkers, maxWorkers, batchSize, maxBatchDelay, responseTimeout, modelVersion, modelUrl }] =
      await (await fetch(`${server.managementUrl}/models/resnet18`)).json();
    const ready = workers.filter(({ status }: { status: string }) => status === "READY").length;
    return { ready, minWorkers, maxWorkers, batchSize, maxBatchDelay, responseTimeout, modelVersion, modelUrl };
  };
  while ((await registration()).ready < 2) await new Promise((later) => setTimeout(later, 200));
  const before = await registration();
  for (const reregister of [false, true]) {
    await t.step(`a cold start ${reregister ? "by registration " : ""}starts both`, async () => {
      await using target = await connect(server.url, { model: "resnet18", inputs, reregister });
      const { cold, absences } = await runLatencyTest(target, {
        quick: true,
        coldStarts: 2,
        requests: 20,
        followUps: 1,
      });
      assert(cold !== null, absences["cold"]);
      for (const { workers, loadMs, firstInferenceMs } of cold.samples) {
        assertEquals(workers?.count, 2);
        // What the client waited for holds what the server did.
        assert(workers?.startMs !== null && workers!.startMs > 0 && workers!.startMs < 1.1 * loadMs!, `${loadMs}`);
        assert(workers?.handlerMs !== null && workers!.handlerMs < 1.1 * firstInferenceMs, `${firstInferenceMs}`);
      }
      assertEquals(await registration(), before);
    });
  }
  await t.step("batches that the server makes leave it as it was", async () => {
    await using target = await connect(server.url, { model: "resnet18", inputs });
    await runThroughputTest(target, { quick: true, batchSizes: [1, 4], requests: 20 });
    assertEquals(await registration(), before);
  });
});

const withTokens = {
  whyNot: whyNoTorchServe,
  start: (e: LiveEnvironment) => startTorchServe(e, { tokenAuth: true }),
};

await liveTest<TorchServe>("live TorchServe with tokens", withTokens, [PROTOCOL], async (server, t) => {
  const tokens = await server.tokens();
  assert(tokens !== null);
  const headers = { authorization: `Bearer ${tokens.inference}` };
  const managementHeaders = { authorization: `Bearer ${tokens.management}` };
  const options = { model: "resnet18", inputs };

  await t.step("both tokens open everything", async () => {
    await using target = await connect(server.url, { ...options, headers, managementHeaders });
    assertEquals((await target.protocol.listModels?.())?.map(({ name }) => name), ["resnet18"]);
    const { failuresByReason } = await runBasicTest(target, { requests: 10, warmUpRequests: 2 });
    assertEquals(failuresByReason, {});
  });
  await t.step("the inference's token alone still measures", async () => {
    await using target = await connect(server.url, { ...options, headers });
    assertFalse("unload" in target.protocol);
    const { failuresByReason } = await runBasicTest(target, { requests: 10, warmUpRequests: 2 });
    assertEquals(failuresByReason, {});
  });
  await t.step("without a token, or with a wrong one, the message says so and keeps the secret", async () => {
    const wrong = { authorization: "Bearer not-the-secret-at-all" };
    for (const headers of [{}, wrong]) {
      const error = await assertRejects(() => connect(server.url, { ...options, headers }), TargetError);
      assertStringIncludes(`${error.message} ${error.hint}`.toLowerCase(), "token");
      assertFalse(`${error.message} ${error.hint}`.includes("not-the-secret-at-all"));
    }
  });
});

import { assert, assertEquals, assertFalse, assertRejects, assertStringIncludes } from "@std/assert";
import { TargetError } from "../../src/core/errors.ts";
import type { InputSpec } from "../../src/core/model_input.ts";
import { connect } from "../../src/protocols/connect.ts";
import { runBasicTest } from "../../src/test_types/basic.ts";
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

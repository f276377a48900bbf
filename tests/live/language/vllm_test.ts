import { assertEquals, assertExists, assertStringIncludes } from "@std/assert";
import { connect } from "../../../src/protocols/connect.ts";
import { runBasicTest } from "../../../src/test_types/basic.ts";
import { liveTest } from "../live_case.ts";
import { TINY_LLAMA } from "../servers/tiny_llama.ts";
import { startVllm } from "../servers/vllm.ts";
import { checkStreaming } from "./check_streaming.ts";

const TOKENS = 16;
const generation = { promptTokens: 32, outputTokens: TOKENS, ignoreEos: true } as const;
const EXPECTED = {
  protocol: "openai",
  model: TINY_LLAMA,
  tokenSource: "ids",
  outputTokens: TOKENS,
  // The role comes some 3 ms before the first token, or with it.
  roleFirst: false,
  ratePerSecond: 4,
  wrongModel: "no-such-model",
} as const;

for (const streamInterval of [1, 4]) {
  await liveTest(
    `live vLLM, ${streamInterval} ${streamInterval === 1 ? "token" : "tokens"} an event`,
    { venv: "vllm", start: (e) => startVllm(e, { streamInterval }) },
    ["openai"],
    async (server, t) => {
      await using target = await connect(server.url, { generation });
      await checkStreaming(t, { server, target, expected: EXPECTED });
      await t.step("completions are counted too", async () => {
        await using completions = await connect(server.url, { generation: { ...generation, endpoint: "completions" } });
        const { failuresByReason, streams } = await runBasicTest(completions, { quick: true, requests: 8 });
        assertEquals(failuresByReason, {});
        assertExists(streams);
        assertEquals(Object.keys(streams.tokenSources), ["ids"]);
      });
      await t.step("a context that is too long is refused, in the server's words", async () => {
        await using long = await connect(server.url, { generation: { ...generation, outputTokens: 5000 } });
        const { succeeded, failuresByReason, failureExamples } = await runBasicTest(long, { requests: 3 });
        assertEquals([succeeded, Object.keys(failuresByReason)], [0, ["status"]]);
        assertStringIncludes(failureExamples.status!, "max_model_len=1024");
      });
    },
  );
}

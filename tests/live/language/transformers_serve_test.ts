import { connect } from "../../../src/protocols/connect.ts";
import { liveTest } from "../live_case.ts";
import { TINY_LLAMA } from "../servers/tiny_llama.ts";
import { startTransformersServe } from "../servers/transformers_serve.ts";
import { checkStreaming } from "./check_streaming.ts";

const TOKENS = 8;

for (const continuousBatching of [false, true]) {
  await liveTest(
    `live transformers serve${continuousBatching ? " with continuous batching" : ""}`,
    { start: (e) => startTransformersServe(e, { continuousBatching }) },
    ["openai"],
    async (server, t) => {
      // It has no word for going on after the end of a text: the tiny model's answers to these prompts have none.
      await using target = await connect(server.url, { generation: { promptTokens: 16, outputTokens: TOKENS } });
      await checkStreaming(t, {
        server,
        target,
        expected: {
          protocol: "openai",
          model: TINY_LLAMA,
          tokenSource: "usage",
          outputTokens: TOKENS,
          roleFirst: true,
          ...continuousBatching && { ratePerSecond: 2 },
          wrongModel: "no-such-model",
        },
      });
    },
  );
}

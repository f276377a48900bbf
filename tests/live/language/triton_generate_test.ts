import { assertEquals, assertStringIncludes } from "@std/assert";
import { connect } from "../../../src/protocols/connect.ts";
import { runBasicTest } from "../../../src/test_types/basic.ts";
import { liveTest } from "../live_case.ts";
import { startTriton, whyNoTriton } from "../servers/triton.ts";
import { checkStreaming } from "./check_streaming.ts";

const protocol = "triton-generate", model = "story";
const generation = { promptTokens: 8, outputTokens: 8 } as const;

await liveTest(
  "live Triton's generate_stream",
  { whyNot: whyNoTriton, start: (e) => startTriton(e, { models: [model] }) },
  [protocol],
  async (server, t) => {
    await using target = await connect(server.url, { protocol, model, generation });
    await checkStreaming(t, {
      server,
      target,
      expected: {
        protocol,
        model,
        tokenSource: "chunks",
        outputTokens: null,
        roleFirst: false,
        ratePerSecond: 5,
        wrongModel: "no-such-model",
      },
    });
    await t.step("an error in the middle of an answer of status 200 is a failure, in the server's words", async () => {
      await using failing = await connect(server.url, {
        ...{ protocol, model },
        generation: { ...generation, extraBody: { fails_after: 3 } },
      });
      const result = await runBasicTest(failing, { requests: 5, warmUpRequests: 1 });
      assertEquals([result.succeeded, Object.keys(result.failuresByReason)], [0, ["rejected"]]);
      assertStringIncludes(result.failureExamples.rejected!, "ran out (after 3 chunks)");
      assertEquals(result.firstTokenMs ?? null, null);
    });
  },
);

/** What real servers were seen to answer, judged and read by their protocols. */
import { assert, assertEquals } from "@std/assert";
import type { Protocol, ProtocolFactory } from "../../src/core/protocol.ts";
import type { Call, WireResponse } from "../../src/core/transport.ts";
import { NO_SUCH_MODEL } from "../../src/protocols/shared/capability_probe.ts";
import { kserveV2 } from "../../src/protocols/kserve_v2.ts";
import { torchInference } from "../../src/protocols/torch_inference.ts";
import torchInferenceStory from "../live/recorded/torch_inference.json" with { type: "json" };
import tritonStory from "../live/recorded/triton.json" with { type: "json" };

interface Exchange {
  readonly note: string;
  readonly port: string;
  readonly request: string;
  readonly sent?: string;
  readonly status: number;
  readonly body: string;
}

interface Replay {
  readonly protocol: Protocol;
  /** Goes on to the exchange of this note: answers come from there on. */
  goTo(note: string): void;
}

/** Answers from the recording: the next exchange of the same request, else the last one, else 404. */
async function replay(factory: ProtocolFactory, story: readonly Exchange[]): Promise<Replay> {
  let position = 0;
  const call: Call = ({ method, path }) => {
    const request = `${method} ${path.replaceAll(NO_SUCH_MODEL, "nope")}`;
    const same = story.filter((exchange) => exchange.request === request && exchange.port === "predictions");
    const found = same.find((exchange) => story.indexOf(exchange) >= position) ?? same.at(-1);
    return Promise.resolve(found === undefined ? answer(404, '{"detail":"Not Found"}') : answerOf(found));
  };
  assertEquals(typeof await factory.detect(call), "string");
  const protocol = await factory.bind(call);
  return { protocol, goTo: (note) => position = story.findIndex((exchange) => exchange.note === note) };
}

function answer(status: number, body: string): WireResponse {
  return { status, headers: {}, body: new TextEncoder().encode(body) };
}

function answerOf({ status, body }: Exchange): WireResponse {
  return answer(status, body);
}

/** Verdicts on the recorded predictions whose bodies were kept whole. */
function verdicts(protocol: Protocol, story: readonly Exchange[], model: RegExp, count: (sent: string) => number) {
  return story.filter(({ request, body }) => model.test(request) && !body.endsWith("...")).map((exchange) => {
    const asked = {
      model: exchange.request.match(model)![1]!,
      predictions: count(exchange.sent ?? ""),
      allowNullResults: false,
    };
    const verdict = protocol.judge(answerOf(exchange), asked);
    return [exchange.note, asked.model, verdict.kind === "failure" ? verdict.reason : "success"].join(" | ");
  });
}

Deno.test("kserveV2 reads what Triton answers", async () => {
  const { protocol, goTo } = await replay(kserveV2, tritonStory);
  assert(protocol.listModels && protocol.load && protocol.unload && protocol.serverTimings && protocol.verifyAbsent);
  const names = ["bert", "resnet18", "sums"];
  assertEquals(
    (await protocol.listModels()).map(({ name, loaded }) => [name, loaded]),
    names.map((name) => [name, true]),
  );
  const described = await Promise.all(names.map((name) => protocol.describeModel(name)));
  assertEquals(described.map(({ maxBatchSize }) => maxBatchSize), [16, 32, 1]);
  assertEquals(described.map(({ input }) => input), [
    { kind: "text", words: 32 },
    { kind: "tensors", tensors: [{ name: "image", datatype: "FP32", shape: [3, 64, 64] }] },
    {
      kind: "tensors",
      tensors: [{ name: "values", datatype: "FP64", shape: [-1, 4] }, { name: "flags", datatype: "BOOL", shape: [-1] }],
    },
  ]);
  goTo("BYTES");
  assertEquals(await protocol.serverTimings("bert").catch(() => null), null);
  goTo("at once after that");
  assertEquals((await protocol.verifyAbsent("resnet18")).absent, false);
  goTo("when it is gone");
  assertEquals((await protocol.verifyAbsent("resnet18")).absent, true);
});

Deno.test("kserveV2 judges what Triton answers", async () => {
  const { protocol } = await replay(kserveV2, tritonStory);
  for (const model of ["bert", "resnet18", "sums"]) await protocol.describeModel(model);
  const batchOf = (sent: string) => sent.includes('"flags"') ? 1 : Number(sent.match(/"shape":\[(\d+)/)?.[1] ?? 1);
  // The recording of raw tensors lost its raw part.
  const json = tritonStory.filter(({ note }) => !note.startsWith("binary"));
  assertEquals(verdicts(protocol, json, /^POST .*\/models\/(.*)\/infer$/, batchOf), [
    "BYTES | bert | success",
    "no batch dimension, two inputs | sums | success",
    "wrong rank | resnet18 | status",
    "too few elements | resnet18 | status",
    "wrong datatype | resnet18 | status",
    "wrong name | resnet18 | status",
    "batch above the maximum | resnet18 | status",
    "not JSON | resnet18 | status",
    " | nope | status",
    "unloaded | resnet18 | status",
  ]);
});

Deno.test("torchInference judges what a server of its contract answers", async () => {
  const { protocol } = await replay(torchInference, torchInferenceStory);
  const batchOf = (sent: string) => sent.startsWith('{"inputs":[[[[') || sent.includes('","') ? 2 : 1;
  assertEquals(verdicts(protocol, torchInferenceStory, /^POST \/(.*)\/predict$/, batchOf), [
    " | resnet18 | success",
    "a batch of 2 | resnet18 | success",
    " | bert | success",
    "answered by example | nope | wrong-model",
    "unloaded, answered by example | resnet18 | wrong-model",
  ]);
});

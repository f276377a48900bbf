/** Every protocol against servers whose answers were changed: whatever is asked of it gives a value or one message. */
import { assert } from "@std/assert";
import fc from "fast-check";
import type { ModelInput } from "../../src/core/model_input.ts";
import type { Protocol, ProtocolFactory } from "../../src/core/protocol.ts";
import type { Call } from "../../src/core/transport.ts";
import { checkInputs, generateInputs } from "../../src/items/generate_inputs.ts";
import { judged } from "../../src/load/judged.ts";
import { detectProtocol } from "../../src/protocols/detect.ts";
import { genericProtocol } from "../../src/protocols/generic.ts";
import { parseGenericSpec } from "../../src/protocols/generic/spec.ts";
import { kserveV2 } from "../../src/protocols/kserve_v2.ts";
import { torchInference } from "../../src/protocols/torch_inference.ts";
import { torchserve } from "../../src/protocols/torchserve.ts";
import { FAKE_GENERIC, fakeGeneric } from "../protocols/fake_generic.ts";
import { fakeKserveV2 } from "../protocols/fake_kserve_v2.ts";
import { fakeTorchInference } from "../protocols/fake_torch_inference.ts";
import { fakeTorchserve } from "../protocols/fake_torchserve.ts";
import kserve from "../live/recorded/kserve.json" with { type: "json" };
import mlserver from "../live/recorded/mlserver.json" with { type: "json" };
import torchInferenceStory from "../live/recorded/torch_inference.json" with { type: "json" };
import torchserveStory from "../live/recorded/torchserve.json" with { type: "json" };
import triton from "../live/recorded/triton.json" with { type: "json" };
import { type Answers, answersOf, changedCalls, changes } from "./changed_calls.ts";
import { orMessage, survives } from "./survives.ts";

/** Polls end at once. */
const AT_ONCE = { timeoutMs: 1, loadTimeoutMs: 1 };

interface Exchange {
  readonly request: string;
  readonly status: number;
  readonly body: string;
}

/** The answers of a real server: the first that was recorded of a request, else of one of its kind. */
function recorded(story: readonly Exchange[]): Answers {
  return ({ method, path }) => {
    const same = story.find(({ request }) => request === `${method} ${path}`);
    return same !== undefined
      ? { status: same.status, body: same.body }
      : { status: 404, body: '{"detail":"Not Found"}' };
  };
}

const generic = genericProtocol(await parseGenericSpec(FAKE_GENERIC, "server.json", () => Promise.reject()));

const SERVERS: readonly (readonly [name: string, ProtocolFactory, () => Answers])[] = [
  ["a fake torch-inference", torchInference, () => answersOf(fakeTorchInference)],
  ["a fake Open Inference server", kserveV2, () => answersOf(fakeKserveV2)],
  ["a fake TorchServe", torchserve, () => answersOf(fakeTorchserve)],
  ["a fake server of a description", generic, () => answersOf(fakeGeneric)],
  ["the recorded torch-inference", torchInference, () => recorded(torchInferenceStory)],
  ["the recorded TorchServe", torchserve, () => recorded(torchserveStory)],
  ["the recorded Triton", kserveV2, () => recorded(triton)],
  ["the recorded MLServer", kserveV2, () => recorded(mlserver)],
  ["the recorded KServe", kserveV2, () => recorded(kserve)],
];

for (const [name, factory, answers] of SERVERS) {
  survives(`the protocol of ${name}`, fc.tuple(changes, fc.nat(3)), 400, async ([changes, which]) => {
    const call = changedCalls(answers(), changes);
    await orMessage(() => detectProtocol(call, "auto", { ...AT_ONCE, callTo: () => call, model: "alpha" }));
    const protocol = await orMessage(() => factory.bind(call, { ...AT_ONCE, callTo: () => call }));
    if (protocol !== undefined) await askEverything(protocol, call, which);
  });
}

async function askEverything(protocol: Protocol, call: Call, which: number): Promise<void> {
  await orMessage(() => protocol.health(AT_ONCE));
  const listed = await orMessage(() => protocol.listModels?.(AT_ONCE));
  await orMessage(() => protocol.listDownloadable?.(AT_ONCE));
  const names = [...listed ?? [], { name: "alpha" }, { name: "resnet18" }].map(({ name }) => name);
  const model = names[which % names.length]!;
  await orMessage(() => protocol.downloadName?.("gamma", AT_ONCE));
  await orMessage(() => protocol.download?.("gamma", AT_ONCE));
  await orMessage(() => protocol.load?.(model, AT_ONCE));
  const description = await orMessage(() => protocol.describeModel(model, AT_ONCE));
  if (description !== undefined) {
    await orMessage(async () => {
      checkInputs(description.input);
      await protocol.settleForm?.(description, AT_ONCE);
    });
    const items = await orMessage((): readonly ModelInput[] =>
      description.input.kind === "samples"
        ? description.input.samples
        : generateInputs({ spec: description.input, from: 0, to: 2, seed: 1, varies: true })
    );
    if (items !== undefined) await predict(protocol, call, model, items);
  }
  for (const ask of ["coldWorkers", "serverTimings", "serverBatch", "whyUnloadIsFinal", "unload"] as const) {
    await orMessage<unknown>(() => protocol[ask]?.(model, AT_ONCE));
  }
  await orMessage(() => protocol.verifyAbsent?.(model, AT_ONCE));
  await orMessage(() => protocol.serverMemory?.(AT_ONCE));
  await orMessage(() => protocol.setServerBatch?.(model, { batchSize: 4, maxDelayMs: 1 }, AT_ONCE));
  await orMessage(() => protocol.restore?.(model, AT_ONCE));
  protocol.notes?.();
}

async function predict(protocol: Protocol, call: Call, model: string, items: readonly ModelInput[]): Promise<void> {
  const request = await orMessage(() => protocol.encode(model, items));
  if (request === undefined) return;
  for (let i = 0; i < 3; i++) {
    const answer = await call(request);
    const verdict = judged(protocol, answer, { model, predictions: items.length, allowNullResults: false });
    if (verdict.kind === "success") assert(verdict.serverMs === null || Number.isFinite(verdict.serverMs));
    else assert(verdict.message.length < 2000);
  }
}

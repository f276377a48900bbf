import { assertEquals, assertGreater } from "@std/assert";
import type { ModelInput, TensorSpec } from "../../src/core/model_input.ts";
import type { Target } from "../../src/core/target.ts";
import { startEmbeddedServer } from "../../src/embedded/start.ts";
import { connect } from "../../src/protocols/connect.ts";
import { exchange } from "../wire/exchange.ts";

function itemOf({ description }: Target, n: number): ModelInput {
  if (description.input.kind !== "tensors") return { kind: "text", text: `a text of ${n}` };
  const tensor = ({ name, datatype, shape }: TensorSpec) => {
    const elements = shape.reduce((product, size) => product * size, 1);
    return { name, datatype, shape, data: new Float64Array(elements).fill(n / 4) };
  };
  return { kind: "tensors", tensors: description.input.tensors.map(tensor) };
}

Deno.test("connect() measures the embedded server over every protocol that it speaks", async (t) => {
  const cacheDir = await Deno.makeTempDir();
  const server = await startEmbeddedServer({ cacheDir });
  try {
    for (const protocol of ["torch-inference", "kserve-v2"]) {
      for (const model of ["mobilenet_v2", "bert"]) {
        await t.step(`${protocol}, ${model}`, async () => {
          await using target = await connect(server.url, { protocol, model });
          await checkTarget(target);
        });
      }
    }
  } finally {
    await server.close();
    await Deno.remove(cacheDir, { recursive: true });
  }
});

async function checkTarget(target: Target): Promise<void> {
  const { protocol, model } = target;
  await using transport = target.openTransport();
  const lane = transport.openLane();
  const predict = async (predictions: number) => {
    const inputs = Array.from({ length: predictions }, (_, n) => itemOf(target, n));
    const { response, message } = await exchange(lane, protocol.encode(model, inputs));
    if (response === null) throw new Error(message);
    return protocol.judge(response, { model, predictions, allowNullResults: false });
  };
  const before = await protocol.serverTimings!(model);
  for (const predictions of [1, 2, 3]) assertEquals((await predict(predictions)).kind, "success");
  const after = await protocol.serverTimings!(model);
  assertEquals(after.requests - before.requests, 3);
  assertEquals((after.predictions ?? NaN) - (before.predictions ?? NaN), 6);
  assertGreater((await protocol.serverMemory!()).residentBytes ?? 0, 1e7);
  await protocol.unload!(model);
  const gone = await protocol.verifyAbsent!(model);
  assertEquals(gone.absent, true, gone.evidence);
  assertEquals((await predict(1)).kind, "failure");
  await protocol.load!(model);
  assertEquals((await protocol.verifyAbsent!(model)).absent, false);
  assertEquals((await predict(1)).kind, "success");
}

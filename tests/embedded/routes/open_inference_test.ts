import { assertEquals, assertGreater, assertLessOrEqual, assertStringIncludes } from "@std/assert";
import { image, startTestServer } from "../embedded_client.ts";

const LENGTH = "inference-header-content-length";

/** A body of JSON and raw bytes, and its headers. */
function binaryBody(json: unknown, raw: Uint8Array): [Uint8Array, Record<string, string>] {
  const head = new TextEncoder().encode(JSON.stringify(json));
  const body = new Uint8Array([...head, ...raw]);
  return [body, { "content-type": "application/octet-stream", [LENGTH]: String(head.length) }];
}

Deno.test("the embedded server speaks the Open Inference Protocol", async (t) => {
  await using server = await startTestServer({ models: ["mobilenet_v2", "bert"] });
  const tensor = { name: "input", datatype: "FP32", shape: [2, 3, 64, 64] };
  const data = [image(1), image(2)];

  await t.step("GET /v2 names its extensions", async () => {
    const { json } = await server.call("GET", "/v2");
    assertEquals(json.extensions, ["model_repository", "statistics", "binary_tensor_data"]);
    assertEquals((await server.call("GET", "/v2/health/live")).json, { live: true });
    assertEquals((await server.call("GET", "/v2/health/ready")).json, { ready: true });
  });

  await t.step("GET /v2/models/{m} describes a loaded model, with or without its version", async () => {
    const { json } = await server.call("GET", "/v2/models/mobilenet_v2");
    assertEquals(json.inputs, [{ name: "input", datatype: "FP32", shape: [-1, 3, 64, 64] }]);
    assertEquals(json.outputs, [{ name: "logits", datatype: "FP32", shape: [-1, 1000] }]);
    assertEquals((await server.call("GET", "/v2/models/mobilenet_v2/versions/1")).json, json);
    assertEquals((await server.call("GET", "/v2/models/mobilenet_v2/versions/2")).status, 404);
    const text = await server.call("GET", "/v2/models/bert");
    assertEquals(text.json.inputs, [{ name: "text", datatype: "BYTES", shape: [-1] }]);
  });

  await t.step("infer answers nested, flat and raw tensors alike", async () => {
    const infer = (body: unknown, headers?: Record<string, string>) =>
      server.call("POST", "/v2/models/mobilenet_v2/infer", body, headers);
    const nested = await infer({ id: "7", inputs: [{ ...tensor, data }] });
    assertEquals([nested.json.model_name, nested.json.model_version, nested.json.id], ["mobilenet_v2", "1", "7"]);
    assertEquals(nested.json.outputs[0].shape, [2, 1000]);
    const flat = await infer({ inputs: [{ ...tensor, data: data.flat(3) }] });
    const raw = new Uint8Array(Float32Array.from(data.flat(3)).buffer);
    const input = { ...tensor, parameters: { binary_data_size: raw.length } };
    const binary = await infer(...binaryBody({ inputs: [input] }, raw));
    assertEquals(flat.json.outputs, nested.json.outputs);
    assertEquals(binary.json.outputs, nested.json.outputs);
  });

  await t.step("infer answers raw where it is asked to", async () => {
    const inputs = [{ ...tensor, data }];
    const expected = (await server.call("POST", "/v2/models/mobilenet_v2/infer", { inputs })).json.outputs[0].data;
    const asked = [
      { inputs, outputs: [{ name: "logits", parameters: { binary_data: true } }] },
      { inputs, parameters: { binary_data_output: true } },
    ];
    for (const body of asked) {
      const response = await fetch(`${server.server.url}/v2/models/mobilenet_v2/versions/1/infer`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      const bytes = new Uint8Array(await response.arrayBuffer()), length = Number(response.headers.get(LENGTH));
      const [output] = JSON.parse(new TextDecoder().decode(bytes.subarray(0, length))).outputs;
      assertEquals([output.shape, output.parameters.binary_data_size], [[2, 1000], 8000]);
      assertEquals([...new Float32Array(bytes.slice(length).buffer)], expected);
    }
  });

  await t.step("infer takes texts as strings or raw BYTES", async () => {
    const text = { name: "text", datatype: "BYTES", shape: [2] };
    const strings = await server.call("POST", "/v2/models/bert/infer", { inputs: [{ ...text, data: ["a b", "c"] }] });
    assertEquals(strings.json.outputs[0].shape, [2, 2]);
    const raw = Uint8Array.of(3, 0, 0, 0, 97, 32, 98, 1, 0, 0, 0, 99);
    const input = { ...text, parameters: { binary_data_size: raw.length } };
    const binary = await server.call("POST", "/v2/models/bert/infer", ...binaryBody({ inputs: [input] }, raw));
    assertEquals(binary.json.outputs, strings.json.outputs);
  });

  await t.step("infer refuses with 400 what does not fit", async () => {
    const inputs = [{ ...tensor, data }];
    const wrong: [unknown, string][] = [
      [{}, '"inputs" must be a list'],
      [{ inputs: [] }, 'must be ["input"]'],
      [{ inputs: [...inputs, ...inputs] }, 'must be ["input"]'],
      [{ inputs: [{ ...tensor, name: "x", data }] }, 'found ["x"]'],
      [{ inputs: [{ ...tensor, datatype: "INT8", data }] }, "must be FP32"],
      [{ inputs: [{ ...tensor, shape: [2, 3, 32, 32], data }] }, "must be FP32 [batch,3,64,64]"],
      [{ inputs: [{ ...tensor, shape: [3, 3, 64, 64], data }] }, "must have the shape"],
      [{ inputs: [{ ...tensor, shape: [1e9, 3, 64, 64], data }] }, "from 1 to 128"],
      [{ inputs: [{ ...tensor, shape: [-1, 3, 64, 64], data }] }, "from 1 to 128"],
      [{ inputs: [{ ...tensor, data: [1] }] }, "must have the shape"],
      [{ inputs: [tensor] }, "must have the shape"],
      [{ inputs, outputs: [{ name: "other" }] }, '"outputs"'],
      ["{", "must be JSON"],
    ];
    for (const [body, message] of wrong) {
      const { status, json } = await server.call("POST", "/v2/models/mobilenet_v2/infer", body);
      assertEquals([status, Object.keys(json)], [400, ["error"]]);
      assertStringIncludes(json.error, message);
    }
    const short = { ...tensor, parameters: { binary_data_size: 4 } };
    const { status, json } = await server.call(
      "POST",
      "/v2/models/mobilenet_v2/infer",
      ...binaryBody({ inputs: [short] }, new Uint8Array(4)),
    );
    assertEquals(status, 400);
    assertStringIncludes(json.error, "98304 bytes");
  });

  await t.step("the repository loads, tells the state and unloads; load fetches what is not there", async () => {
    const state = async () => {
      const { json } = await server.call("POST", "/v2/repository/index");
      return json.find(({ name }: { name: string }) => name === "resnet18").state;
    };
    assertEquals(await state(), "UNAVAILABLE");
    assertEquals((await server.call("GET", "/v2/models/resnet18/ready")).status, 404);
    assertEquals((await server.call("POST", "/v2/repository/models/resnet18/load")).status, 200);
    assertEquals(await state(), "READY");
    assertEquals((await server.call("GET", "/v2/models/resnet18/ready")).json, { name: "resnet18", ready: true });
    assertEquals((await server.call("POST", "/v2/repository/models/resnet18/unload")).status, 200);
    assertEquals(await state(), "UNAVAILABLE");
    assertEquals((await server.call("POST", "/v2/models/resnet18/infer", { inputs: [] })).status, 404);
    assertEquals((await server.call("POST", "/v2/repository/models/nope/load")).status, 404);
  });

  await t.step("stats count requests, items and executions by batch size", async () => {
    const read = async () => (await server.call("GET", "/v2/models/bert/stats")).json.model_stats[0];
    const before = await read();
    const input = { name: "text", datatype: "BYTES", shape: [5], data: ["a", "b", "c", "d", "e"] };
    await server.call("POST", "/v2/models/bert/infer", { inputs: [input] });
    const after = await read();
    assertEquals(after.inference_count - before.inference_count, 5);
    assertEquals(after.execution_count - before.execution_count, 1);
    for (const part of ["success", "queue", "compute_input", "compute_infer", "compute_output"]) {
      assertEquals(after.inference_stats[part].count - before.inference_stats[part].count, 1, part);
      assertGreater(after.inference_stats[part].ns, before.inference_stats[part].ns, part);
    }
    const { success, queue, compute_input, compute_infer, compute_output } = after.inference_stats;
    const parts = queue.ns + compute_input.ns + compute_infer.ns + compute_output.ns;
    assertLessOrEqual(parts, success.ns);
    const five = after.batch_stats.find(({ batch_size }: { batch_size: number }) => batch_size === 5);
    assertEquals(five.compute_infer.count, 1);
  });
});

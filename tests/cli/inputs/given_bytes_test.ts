/** Files, base64 and the data of perf_analyzer reach a server of the Open Inference Protocol, or are refused before the run. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { run } from "../command.ts";
import { answer, openInference, PREDICTION } from "../open_inference_server.ts";

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0xff, 0, 1, 2);

interface Sent {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly data?: readonly unknown[];
}

/** A model with such inputs, behind a batch dimension, whose server takes raw tensors or JSON alone. */
async function basic(
  inputs: readonly Omit<Sent, "data">[],
  content: unknown,
  { binary = true, name = "items.json", more = [] as readonly string[] } = {},
) {
  let sent: readonly Sent[] = [], raw: Uint8Array | undefined;
  const path = await Deno.makeTempDir();
  try {
    await Deno.writeFile(
      `${path}/${name}`,
      content instanceof Uint8Array ? content : new TextEncoder().encode(JSON.stringify(content)),
    );
    await using server = await openInference((request) => {
      const length = Number(request.headers["inference-header-content-length"] ?? request.body.length);
      sent = JSON.parse(request.body.slice(0, length)).inputs;
      raw = Uint8Array.from(request.body.slice(length), (letter) => letter.charCodeAt(0));
      const count = sent[0]!.shape[0]!;
      const [output] = PREDICTION.outputs;
      return answer({ ...PREDICTION, outputs: [{ ...output, shape: [count, 1], data: Array(count).fill(0.5) }] });
    }, {
      "GET /v2": answer({ name: "server", version: "1", extensions: binary ? ["binary_tensor_data"] : [] }),
      "GET /v2/models/m": answer({
        name: "m",
        inputs: inputs.map(({ shape, ...input }) => ({ ...input, shape: [-1, ...shape] })),
        outputs: [{ name: "y", datatype: "FP32", shape: [-1, 1] }],
      }),
    });
    const basic = ["--url", server.url, "--test-type", "basic", "--model", "m", "--requests", "3", "--warmup", "0"];
    const { code, stderr } = await run([...basic, "--input-data", `${path}/${name}`, ...more]);
    return { code, stderr, sent: sent.map(({ shape, data }) => ({ shape, ...data && { data } })), raw: raw ?? PNG };
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

const BYTES = [{ name: "raw image", datatype: "BYTES", shape: [1] }];
const element = [PNG.length, 0, 0, 0, ...PNG];
const b64 = PNG.toBase64();

Deno.test("a file and base64 become an element of BYTES, in batches and beside workers too", async () => {
  const twice = ["--batch-size", "2"];
  const rows: [unknown, { name?: string; more?: readonly string[] }, number][] = [
    [PNG, { name: "cat.png" }, 1],
    [PNG, { name: "cat", more: twice }, 2],
    [[{ b64 }], { more: twice }, 2],
    [[{ "raw image": { b64 } }], { more: ["--workers", "2"] }, 1],
  ];
  for (const [content, how, count] of rows) {
    const { code, stderr, raw, sent } = await basic(BYTES, content, how);
    assertEquals([code, [...raw]], [0, Array(count).fill(element).flat()], stderr);
    assertEquals(sent[0]!.shape, [count, 1], JSON.stringify([how, sent]));
  }
});

Deno.test("a file becomes a row of UINT8, which no request alters, and longer rows are no batch with it", async () => {
  const row = [{ name: "x", datatype: "UINT8", shape: [-1] }];
  const image = Uint8Array.of(...PNG, ...PNG);
  const one = await basic(row, image, { name: "cat.jpg", more: ["--batch-size", "2"] });
  assertEquals([one.code, one.sent[0]!.shape, [...one.raw]], [0, [2, 20], [...image, ...image]], one.stderr);
  const json = await basic(row, PNG, { name: "cat.bin", binary: false });
  assertEquals([json.code, json.sent], [0, [{ shape: [1, 10], data: [...PNG] }]], json.stderr);
  const two = await basic(row, [{ b64 }, { b64: image.toBase64() }], { more: ["--batch-size", "2"] });
  assertEquals(two.code, 2);
  assertStringIncludes(two.stderr, 'must be of one shape: those given for "x" are of the shapes [10] and [20]');
  assertStringIncludes(two.stderr, "--batch-size 1");
});

Deno.test("bytes that are no text are refused before the run where the server takes JSON alone", async () => {
  const { code, stderr } = await basic(BYTES, PNG, { name: "cat.png", binary: false });
  assertEquals(code, 2);
  assertStringIncludes(stderr, 'Cannot encode the input "raw image" as JSON must hold its bytes as a text');
  const text = await basic(BYTES, new TextEncoder().encode("a text"), { name: "a.bin", binary: false });
  assertEquals([text.code, text.sent], [0, [{ shape: [1, 1], data: ["a text"] }]], text.stderr);
});

Deno.test("the data of perf_analyzer is sent step by step, and refused before the run where it does not fit", async () => {
  const two = [{ name: "IN0", datatype: "INT32", shape: [2, 2] }, { name: "IN1", datatype: "FP32", shape: [3] }];
  const step = { IN0: { content: [1, 2, 3, 4], shape: [2, 2] }, IN1: [0.5, 0.25, 0.125] };
  const sent = [{ shape: [1, 2, 2], data: [1, 2, 3, 4] }, { shape: [1, 3], data: step.IN1 }];
  for (const content of [{ data: [step] }, { data: [[step, step]], validation_data: [] }, [step]]) {
    const found = await basic(two, content, { binary: false });
    assertEquals([found.code, found.sent], [0, sent], found.stderr);
  }
  const { code, stderr } = await basic(two, { data: [step, { ...step, IN0: [1, 2, 3] }] });
  assertEquals(code, 2);
  assertStringIncludes(stderr, '"IN0" as its shape [2,2] must hold 4 elements of INT32: found 3 in a flat list');
});

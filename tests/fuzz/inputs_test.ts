/** Files that the user gives: items in every format, traces, descriptions of servers and what a server documents. */
import fc from "fast-check";
import type { InputSpec } from "../../src/core/model_input.ts";
import { fitInputs } from "../../src/cli/inputs/fit_inputs.ts";
import { readInputData } from "../../src/cli/inputs/input_data.ts";
import { parseExactly } from "../../src/items/exact/exact_json.ts";
import { readTrace } from "../../src/cli/inputs/trace.ts";
import { genericProtocol } from "../../src/protocols/generic.ts";
import { parseGenericSpec } from "../../src/protocols/generic/spec.ts";
import { proposeDescription } from "../../src/protocols/openapi/propose.ts";
import bentoml from "../protocols/openapi/recorded/bentoml.json" with { type: "json" };
import fastapi from "../protocols/openapi/recorded/fastapi.json" with { type: "json" };
import litserve from "../protocols/openapi/recorded/litserve.json" with { type: "json" };
import { npyBytes } from "../cli/inputs/npy_bytes.ts";
import { zipped } from "../cli/inputs/zip_bytes.ts";
import { FAKE_GENERIC } from "../protocols/fake_generic.ts";
import { changedBytes, changedJson, changedText } from "./hostile.ts";
import { orMessage, survives } from "./survives.ts";

const encoder = new TextEncoder();

/** Models of several kinds, each of which may be given every file. */
const MODELS: readonly (InputSpec | null)[] = [
  null,
  { kind: "text" },
  { kind: "tensors", tensors: [{ name: "image", datatype: "FP32", shape: [3, 2, 2] }] },
  {
    kind: "tensors",
    tensors: [{ name: "ids", datatype: "INT64", shape: [-1] }, { name: "mask", datatype: "BOOL", shape: [4] }],
  },
  { kind: "tensors", tensors: [{ name: "text", datatype: "BYTES", shape: [1] }] },
] as readonly (InputSpec | null)[];

const ITEMS = [
  ["a text", 1, [1, 2, 3], { ids: [1, 2, 3], mask: [true, false, true, true] }, { b64: "aGVsbG8=" }],
  {
    data: [{ image: { content: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], shape: [3, 2, 2] } }, {
      ids: [1],
      mask: [0, 1, 0, 1],
    }],
  },
  { data: [[{ text: [{ b64: "aGVsbG8=" }] }], [{ text: ["one"] }, { text: ["two"] }]], validation_data: [{}] },
  [[[1.5, 2.5], [3.5, 4.5]], "9007199254740993"],
];
const NPY = [npyBytes("<f4", [2, 3, 2, 2], new Float32Array(24)), npyBytes("<i8", [4], new BigInt64Array(4), true)];

const ARCHIVES = [
  await zipped({ "image.npy": NPY[0]! }, false),
  await zipped({ "ids.npy": NPY[1]!, "mask.npy": NPY[1]! }, true),
];

/** Reads a file of that ending with the bytes, for every model. */
async function readItems(ending: string, bytes: Uint8Array): Promise<void> {
  const path = await Deno.makeTempFile({ suffix: `.${ending}` });
  try {
    await Deno.writeFile(path, bytes);
    const raw = await readInputData(path);
    const nothing = { shapes: {}, datatypes: {} };
    for (const model of MODELS) {
      await orMessage(() => fitInputs(raw, nothing, model, { takesBytes: true, takesTensors: true }));
      await orMessage(() => fitInputs(raw, nothing, model, {}));
    }
  } finally {
    await Deno.remove(path);
  }
}

const itemTexts = fc.oneof(
  changedJson(...ITEMS),
  changedText(...ITEMS.map((items) => JSON.stringify(items)), "one\ntwo\n\nthree", "[1, 2]\n[3, 4]\n"),
);

survives(
  "readInputData() and fitInputs() of texts",
  fc.tuple(fc.constantFrom("json", "jsonl", "txt"), itemTexts),
  600,
  ([ending, text]) => readItems(ending, encoder.encode(text)),
);
survives("the same of .npy", changedBytes(...NPY), 300, (bytes) => readItems("npy", bytes));
survives("the same of .npz", changedBytes(...ARCHIVES), 300, (bytes) => readItems("npz", bytes));
survives("the same of images", changedBytes(png()), 100, (bytes) => readItems("png", bytes));

survives("readTrace()", changedText("0\n0.5 # half\n1e0\n\n2.25\n"), 300, async (text) => {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, text);
    await readTrace(path);
  } finally {
    await Deno.remove(path);
  }
});

const DESCRIPTIONS = [
  FAKE_GENERIC,
  { predict: { path: "/classify", form: { file: "{{input}}", threshold: "0.5" } }, predictions: "/class_id" },
  { predict: { path: "/run", headers: { "content-type": "image/png" } }, examples: [[1, 2], "text", { a: 1 }] },
  {
    predict: { path: "/a?b={{model}}", bodyTemplateFile: "body.json" },
    load: { path: "/load", bodyTemplate: "{{model}}" },
  },
];

survives(
  "parseGenericSpec()",
  fc.oneof(changedJson(...DESCRIPTIONS), changedText(...DESCRIPTIONS.map((each) => JSON.stringify(each)))),
  1000,
  async (text) => {
    let description: unknown;
    try {
      description = parseExactly(text);
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof RangeError) return;
      throw error;
    }
    const spec = await parseGenericSpec(description, "server.json", () => Promise.resolve('{"x": "{{input}}"}'));
    const protocol = await genericProtocol(spec).bind(() => Promise.reject(new Error("no server is asked")));
    await orMessage(() => protocol.encode("model", [{ kind: "text", text: "one" }, { kind: "json", value: [1] }]));
  },
);

survives(
  "proposeDescription()",
  changedJson(bentoml, fastapi, litserve),
  600,
  (text) => proposeDescription(JSON.parse(text)),
);

/** An image of one pixel. */
function png(): Uint8Array {
  const base64 = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

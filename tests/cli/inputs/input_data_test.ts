import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { createJimp } from "@jimp/core";
import jpeg from "@jimp/js-jpeg";
import png from "@jimp/js-png";
import fc from "fast-check";
import { parseCommandLine, type RunCommand } from "../../../src/cli/options/command_line.ts";
import { fitInputs } from "../../../src/cli/inputs/fit_inputs.ts";
import type { InputOverrides } from "../../../src/cli/options/input_overrides.ts";
import { givenInputs } from "../../../src/cli/inputs/given_inputs.ts";
import { readInputData } from "../../../src/cli/inputs/input_data.ts";
import { readNpy } from "../../../src/cli/inputs/npy.ts";
import type { RawSample } from "../../../src/cli/inputs/raw_sample.ts";
import { UsageError } from "../../../src/core/errors.ts";
import type { Datatype, InputSpec, JsonValue, ModelInput, Tensor } from "../../../src/core/model_input.ts";
import { wholeBody } from "../../../src/core/wire_body.ts";
import { connect } from "../../../src/protocols/connect.ts";
import { json } from "../../protocols/fake_server.ts";
import { startRoutesServer } from "../../protocols/routes_server.ts";
import { startModelServer } from "../../protocols/torchserve/model_server.ts";
import { npyBytes } from "./npy_bytes.ts";

const NOTHING = { shapes: {}, datatypes: {} };
const one = (shape: readonly number[], datatype: Datatype = "FP32"): InputSpec => ({
  kind: "tensors",
  tensors: [{ name: "x", datatype, shape }],
});

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function refusal(body: () => Promise<unknown>): Promise<string> {
  const { message, hint } = await assertRejects(body, UsageError);
  return `${message} | ${hint ?? ""}`;
}

function tensorOf(item: ModelInput | undefined): Tensor {
  assert(item?.kind === "tensors");
  return item.tensors[0]!;
}

Deno.test("readInputData() reads items by the ending of the file", () =>
  inFolder(async (folder) => {
    const image = [[[0.1, 0.2]], [[0.3, 0.4]]];
    const files: [string, string, unknown][] = [
      ["a.json", '["one", {"a": 1}, [1, 2], 3]', ["one", { a: 1 }, [1, 2], 3]],
      ["b.json", '{"a": [1]}', [{ a: [1] }]],
      ["c.JSON", '"one text"', ["one text"]],
      ["d.json", JSON.stringify([image]), [image]],
      ["e.json", '\ufeff[true, 1, "not all numbers"]', [true, 1, "not all numbers"]],
      ["f.jsonl", '[1, 2]\r\n\n"text"\n  {"a": null}\n7\n', [[1, 2], "text", { a: null }, 7]],
      ["g.txt", "first\r\n\n  second \n[1]\n", ["first", "  second ", "[1]"]],
    ];
    for (const [name, text, expected] of files) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
      const values = (await readInputData(`${folder}/${name}`)).map((sample) => {
        assert(sample.kind === "item");
        const { item } = sample;
        assertEquals(item.kind, item.kind === "text" ? "text" : "json");
        return item.kind === "text" ? item.text : item.kind === "json" ? item.value : item;
      });
      assertEquals<unknown>(values, expected, name);
    }
  }));

Deno.test("readInputData() refuses what holds no items, and says why", () =>
  inFolder(async (folder) => {
    const files: [string, string | Uint8Array, string][] = [
      ["a.csv", "", "it must hold bytes: it is empty"],
      ["a.json", "", "it must be JSON: Unexpected end"],
      ["b.json", "[1, NaN, x]", "it must be JSON: "],
      ["c.json", "[]", "it must hold at least one item: it is empty"],
      ["d.json", "[1, 2, true]", "it is one of 3 numbers, which are either one item or 3 | Write [[...]] for one item"],
      ["e.json", '["a", null]', "an item must be a value: item 2 is null"],
      ["f.jsonl", '{"a": 1}\n\n{"a": }\n', "line 3 must be JSON: Unexpected token"],
      ["g.jsonl", " \n", "it must hold at least one item"],
      ["h.txt", "\n\n", "it must hold at least one item"],
      ["i.txt", new Uint8Array([0x61, 0xff]), "it must be text in UTF-8"],
    ];
    for (const [name, content, part] of files) {
      const path = `${folder}/${name}`;
      await Deno.writeFile(path, typeof content === "string" ? new TextEncoder().encode(content) : content);
      const said = await refusal(() => readInputData(path));
      assertStringIncludes(said, `Cannot read the items of "${path}" as `);
      assertStringIncludes(said, part);
    }
    assertStringIncludes(await refusal(() => readInputData(`${folder}/none.txt`)), "it must be a file: there is none");
    await Deno.mkdir(`${folder}/folder.txt`);
    assertStringIncludes(await refusal(() => readInputData(`${folder}/folder.txt`)), "a folder must hold files");
  }));

Deno.test("readInputData() reads the files of a folder by their names, hidden ones left out", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/b.txt`, "second\n");
    await Deno.writeTextFile(`${folder}/a.json`, '"first"');
    await Deno.writeFile(`${folder}/c.png`, Uint8Array.of(1));
    await Deno.writeTextFile(`${folder}/.hidden`, "");
    const [read, ...others] = await readInputData(folder);
    assert(read?.kind === "folder" && others.length === 0);
    const samples = (await Promise.all(read.files.map((file) => file.samples()))).flat();
    const shown = samples.map((sample) => sample.kind === "item" ? sample.item : sample.kind);
    assertEquals(shown, [{ kind: "text", text: "first" }, { kind: "text", text: "second" }, "file"]);
  }));

Deno.test("readNpy() reads every number type of NumPy, in either byte order", () => {
  const cases: readonly [
    descr: string,
    datatype: Datatype,
    data: ArrayBufferView,
    expected: readonly (number | bigint)[],
  ][] = [
    ["|b1", "BOOL", Uint8Array.of(1, 0), [1, 0]],
    ["|i1", "INT8", Int8Array.of(-1, 2), [-1, 2]],
    ["|u1", "UINT8", Uint8Array.of(255, 2), [255, 2]],
    ["<i2", "INT16", Int16Array.of(-300, 2), [-300, 2]],
    [">i2", "INT16", Uint8Array.of(1, 0, 0, 2), [256, 2]],
    ["<u4", "UINT32", Uint32Array.of(4e9, 2), [4e9, 2]],
    ["<i8", "INT64", BigInt64Array.of(-(2n ** 53n) - 1n, 2n), [-(2n ** 53n) - 1n, 2n]],
    ["<f2", "FP16", Float16Array.of(0.5, 2), [0.5, 2]],
    ["<f4", "FP32", Float32Array.of(0.25, 2), [0.25, 2]],
    ["<f8", "FP64", Float64Array.of(0.1, 2), [0.1, 2]],
  ];
  for (const [descr, datatype, data, expected] of cases) {
    const array = readNpy(npyBytes(descr, [2], data), "a.npy");
    assertEquals([array.datatype, array.shape, [...array.data]], [datatype, [2], expected], descr);
  }
  assertEquals(readNpy(npyBytes("<f4", [], Float32Array.of(7)), "a.npy").shape, []);
});

Deno.test("readNpy() gives rows first whatever the order in the file", () => {
  const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });
  fc.assert(fc.property(shapes, (shape) => {
    const count = shape.reduce((product, size) => product * size, 1);
    // The element at each place is the number of that place with rows first.
    const columns = new Float64Array(count);
    for (let place = 0; place < count; place++) {
      let rest = place, at = 0;
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        const stride = shape.slice(0, axis).reduce((product, size) => product * size, 1);
        at += (rest % shape[axis]!) * stride;
        rest = Math.floor(rest / shape[axis]!);
      }
      columns[at] = place;
    }
    const { data } = readNpy(npyBytes("<f8", shape, columns, true), "a.npy");
    assertEquals([...data], Array.from({ length: count }, (_, i) => i));
  }));
});

Deno.test("readNpy() refuses what it cannot read, and says why", () => {
  const refused: readonly [Uint8Array, string][] = [
    [new TextEncoder().encode("no numpy file at all"), "must begin like a file of NumPy"],
    [npyBytes("<U4", [1], new Uint8Array(16)), "must be numbers"],
    [npyBytes("<f4", [3], Float32Array.of(1, 2)), "the 3 elements of its shape: it has 2"],
  ];
  for (const [bytes, words] of refused) assertThrows(() => readNpy(bytes, "a.npy"), UsageError, words);
});

Deno.test("fitInputs() takes an array for one item or for several, by the model's dimensions", async () => {
  const array = (shape: readonly number[], datatype: Datatype = "FP32"): RawSample => ({
    kind: "array",
    path: "a.npy",
    array: { datatype, shape, data: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i) },
  });
  const fit = (sample: RawSample, known: InputSpec | null) => fitInputs([sample], NOTHING, known, {});
  const samples = async (sample: RawSample, known: InputSpec | null) => {
    const spec = await fit(sample, known);
    assert(spec?.kind === "samples");
    return spec.samples.map(tensorOf).map(({ name, datatype, shape, data }) => [name, datatype, shape, [...data]]);
  };
  assertEquals(await samples(array([2, 2]), one([2, 2])), [["x", "FP32", [2, 2], [0, 1, 2, 3]]]);
  assertEquals(await samples(array([2, 2]), one([-1])), [["x", "FP32", [2], [0, 1]], ["x", "FP32", [2], [2, 3]]]);
  assertEquals(await samples(array([2], "INT32"), one([2], "INT64")), [["x", "INT64", [2], [0, 1]]]);
  assertEquals(await samples(array([2]), null), [["input", "FP32", [2], [0, 1]]]);
  const error = await assertRejects(() => fit(array([3, 2]), one([4])), UsageError);
  assertStringIncludes(error.message, "must be [4], or several of them: its shape is [3,2]");
  await assertRejects(() => fit(array([2]), one([2], "INT64")), UsageError, '"x" is INT64: it is FP32');
  await assertRejects(() => fit(array([2]), { kind: "text", words: 3 }), UsageError, "it takes a text");
});

Deno.test("fitInputs() says of items of other shapes or inputs that they cannot stand in one batch", async () => {
  const unlike = async (values: readonly JsonValue[], known: InputSpec | null, overrides: InputOverrides = NOTHING) => {
    const raw = values.map((value): RawSample => ({ kind: "item", item: { kind: "json", value } }));
    const spec = await fitInputs(raw, overrides, known, { takesTensors: true });
    return spec?.kind === "samples" ? spec.unlike : null;
  };
  assertEquals(await unlike([[1, 2], [3, 4]], one([-1])), undefined);
  assertStringIncludes((await unlike([[1], [3, 4]], one([-1])))!, '"x" are of the shapes [1] and [2]');
  const floats = { shapes: {}, datatypes: { x: "FP32" } } as const;
  assertStringIncludes((await unlike([[1], [3, 4]], null, floats))!, "[1] and [2]");
  const optional: InputSpec = {
    kind: "tensors",
    tensors: [{ name: "x", datatype: "FP32", shape: [-1] }, {
      name: "y",
      datatype: "FP32",
      shape: [-1],
      optional: true,
    }],
  };
  assertStringIncludes((await unlike([{ x: [1] }, { x: [1], y: [2] }], optional))!, "the inputs x and x, y");
  await assertRejects(() => unlike([[1, 2], [3]], one([2])), UsageError, "must hold 2 elements");
});

Deno.test("fitInputs() decodes and resizes an image to the model's input, and leaves it to a server that takes bytes", async () => {
  const Jimp = createJimp({ formats: [png, jpeg] });
  const red = new Jimp({ width: 8, height: 6, color: 0xff0000ff });
  for (const type of ["image/png", "image/jpeg"] as const) {
    const bytes = new Uint8Array(await red.getBuffer(type));
    const sample: RawSample = { kind: "file", bytes, contentType: type, path: "red" };
    const fit = async (known: InputSpec | null) => {
      const spec = await fitInputs([sample], NOTHING, known, {});
      assert(spec?.kind === "samples");
      return tensorOf(spec.samples[0]);
    };
    const first = await fit(one([3, 4, 2]));
    assertEquals([first.name, first.shape, first.data.length], ["x", [3, 4, 2], 24]);
    assertAlmostEquals(Number(first.data[0]), 1, 0.02);
    assertAlmostEquals(Number(first.data[8]), 0, 0.02);
    const last = await fit(one([2, 2, 3], "UINT8"));
    assertAlmostEquals(Number(last.data[0]), 255, 3);
    assertAlmostEquals(Number(last.data[1]), 0, 3);
    assertAlmostEquals(Number((await fit(one([1, 2, 2]))).data[0]), 0.299, 0.02);
    assertEquals((await fit(one([3, -1, -1]))).shape, [3, 224, 224]);
    assertEquals((await fit(one([1, 3, 4, 4]))).shape, [1, 3, 4, 4]);
    assertEquals((await fit(null)).shape, [3, 224, 224]);
    await assertRejects(() => fit(one([5])), UsageError, "it is FP32 [5]");
    assertEquals(await fitInputs([sample], NOTHING, one([3, 4, 2]), { takesBytes: true }), {
      kind: "samples",
      samples: [{ kind: "bytes", bytes, contentType: type }],
    });
  }
  const broken: RawSample = { kind: "file", bytes: Uint8Array.of(1, 2), contentType: "image/png", path: "broken.png" };
  await assertRejects(
    () => fitInputs([broken], NOTHING, null, {}),
    UsageError,
    '"broken.png" as it must be PNG or JPEG',
  );
  const sound: RawSample = { ...broken, contentType: "audio/wav" };
  await assertRejects(() => fitInputs([sound], NOTHING, null, {}), UsageError, "must take bytes");
});

Deno.test("--input-shape and --input-datatype settle what the server leaves open, and refuse what it does not", async () => {
  const fit = async (known: InputSpec | null, ...argv: string[]) => {
    const command = parseCommandLine(argv) as RunCommand;
    const fit = await givenInputs(command);
    return await fit!(known, { takesBytes: false } as never);
  };
  const open = one([3, -1, -1]);
  assertEquals(await fit(open, "--input-shape", "x:3,8,9"), one([3, 8, 9]));
  assertEquals(await fit(open, "--input-shape=x:1,3,8,9", "--input-datatype", "x:fp16"), one([3, 8, 9], "FP16"));
  assertEquals(await fit(null, "--input-shape", "x:1,3,8,9"), one([3, 8, 9]));
  assertEquals(await fit(null, "--input-shape", "x:8", "--input-datatype", "x:INT64"), one([8], "INT64"));
  await assertRejects(() => fit(open, "--input-shape", "y:1"), UsageError, '"y" as it must be one of x');
  await assertRejects(() => fit(open, "--input-shape", "x:4,8,9"), UsageError, "must be [3,any,any]: found [4,8,9]");
  await assertRejects(() => fit(null, "--input-datatype", "x:FP32"), UsageError, "its shape must be known");
  assertEquals(await givenInputs(parseCommandLine([]) as RunCommand), undefined);
  for (const [option, value] of [["shape", "x"], ["shape", "x:1,a"], ["shape", ":1"], ["datatype", "x:FLOAT"]]) {
    assertThrows(() => parseCommandLine([`--input-${option}`, value!]), UsageError, `current value is "${value}"`);
  }
  const twice = ["--input-shape", "x:1", "--input-shape", "x:2"];
  assertThrows(() => parseCommandLine(twice), UsageError, 'given once for "x"');
});

Deno.test("connect() makes items of what the model takes, and of nothing where nobody knows", async () => {
  await using server = await startRoutesServer({
    "GET /health": json({ healthy: true }),
    "GET /models": json({ models: ["mystery"], model_info: {} }),
  });
  const given = await givenInputs(parseCommandLine(["--input-shape", "x:8"]) as RunCommand);
  await using target = await connect(server.url, { inputs: given! });
  assertEquals(target.description.input, one([8]));
});

Deno.test("an image reaches TorchServe as its own bytes", () =>
  inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/a.png`, Uint8Array.of(137, 80, 78, 71));
    await using server = await startModelServer();
    const inputs = await givenInputs(parseCommandLine(["--input-data", `${folder}/a.png`]) as RunCommand);
    const urls = { managementUrl: server.management.url, metricsUrl: server.metrics.url };
    await using target = await connect(server.inference.url, { ...urls, inputs: inputs! });
    assert(target.description.input.kind === "samples");
    const request = target.protocol.encode("resnet18", target.description.input.samples);
    assertEquals([...wholeBody(request.body), ...request.headers], [137, 80, 78, 71, "content-type", "image/png"]);
  }));

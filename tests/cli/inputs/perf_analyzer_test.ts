/** The data of perf_analyzer: its JSON, and its folder with a file for each input. */
import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { fitInputs } from "../../../src/cli/inputs/fit_inputs.ts";
import { readInputData } from "../../../src/cli/inputs/input_data.ts";
import { perfAnalyzerItems } from "../../../src/cli/inputs/perf_analyzer.ts";

import { UsageError } from "../../../src/core/errors.ts";
import type { JsonValue, TensorSpec } from "../../../src/core/model_input.ts";
import { itemTensors } from "../../../src/items/item_tensors.ts";
import { npyBytes } from "./npy_bytes.ts";
import { zipped } from "./zip_bytes.ts";

const TWO: readonly TensorSpec[] = [
  { name: "IN0", datatype: "INT32", shape: [2, 2] },
  { name: "IN1", datatype: "FP32", shape: [3] },
];
const TEXT: TensorSpec = { name: "t", datatype: "BYTES", shape: [1] };
const step = { IN0: { content: [1, 2, 3, 4], shape: [2, 2] }, IN1: [0.5, 0.25, 0.125] };

async function inFolder(
  files: Readonly<Record<string, Uint8Array | string>>,
  body: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, content] of Object.entries(files)) {
      await Deno.writeFile(
        `${folder}/${name}`,
        typeof content === "string" ? new TextEncoder().encode(content) : content,
      );
    }
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Name, shape and elements of each tensor of each item. */
async function fitted(folder: string, tensors: readonly TensorSpec[], notes: string[] = []) {
  const protocol = { takesTensors: true };
  const note = (text: string) => void notes.push(text);
  const none = { shapes: {}, datatypes: {} };
  const spec = await fitInputs(await readInputData(folder), none, { kind: "tensors", tensors }, protocol, note);
  assert(spec?.kind === "samples");
  return spec.samples.map((item) =>
    itemTensors(item, tensors).map(({ name, shape, data }): unknown => [name, shape, [...data]])
  );
}

Deno.test("perfAnalyzerItems() finds the steps of the data, sequences in turn, and leaves items alone", () => {
  const shown = { ...step };
  const rows: [JsonValue, readonly TensorSpec[] | null, readonly JsonValue[] | null][] = [
    [{ data: [step, step] }, TWO, [shown, shown]],
    [{ data: [[step, step], [step]] }, TWO, [shown, shown, shown]],
    [{ data: [step] }, null, [shown]],
    [{ data: [{ t: { b64: "YQ==" } }] }, [TEXT], [{ t: { content: { b64: "YQ==" } } }]],
    [{ data: [{ t: { b64: "YQ==", shape: [1] } }] }, [TEXT], [{ t: { content: { b64: "YQ==" }, shape: [1] } }]],
    [{ data: [{ data: [1, 2] }] }, [{ ...TEXT, name: "data" }], [{ data: [1, 2] }]],
    [{ data: [{ b64: "YQ==" }] }, [{ ...TEXT, name: "data" }], null],
    [{ data: [1, 2] }, [{ ...TEXT, name: "data" }], null],
    [{ data: [] }, [{ ...TEXT, name: "data" }], null],
    [{ data: [step], more: 1 }, TWO, null],
    [{ data: step }, TWO, null],
    [[step], TWO, null],
  ];
  for (const [document, inputs, items] of rows) {
    assertEquals(perfAnalyzerItems(document, inputs), items, JSON.stringify(document));
  }
  assertThrows(() => perfAnalyzerItems({ data: [] }, TWO), UsageError, "must hold at least one");
  const notes: string[] = [];
  perfAnalyzerItems({ data: [step], validation_data: [{ y: [1] }] }, TWO, (text) => notes.push(text));
  assertStringIncludes(notes.join(), '"validation_data" of the input data is passed over');
});

Deno.test("fitInputs() rounds whole floats of perf_analyzer's data, and refuses integers that would be altered", async () => {
  const tensors: readonly TensorSpec[] = [{ name: "x", datatype: "FP32", shape: [2] }];
  const fit = async (numbers: string) => {
    const written = `{"data": [{"x": ${numbers}}]}`;
    const item = {
      kind: "json",
      value: JSON.parse(written) as JsonValue,
      ...numbers.includes(".") && { written },
    } as const;
    const known = { kind: "tensors", tensors } as const;
    return await fitInputs([{ kind: "item", item }], { shapes: {}, datatypes: {} }, known, { takesTensors: true });
  };
  assertEquals((await fit("[16777217.0, 3.0]"))?.kind, "samples");
  await assertRejects(() => fit("[16777217, 3]"), UsageError, "found 16777217");
});

Deno.test("fitInputs() takes a folder with a file for each input: raw, of NumPy, JSON, lines of text", async () => {
  const ints = Int32Array.of(1, 2, 3, 4), floats = Float32Array.of(0.5, 1, 2);
  const raw = { IN0: new Uint8Array(ints.buffer), IN1: new Uint8Array(floats.buffer) };
  const item = [["IN0", [2, 2], [1, 2, 3, 4]], ["IN1", [3], [0.5, 1, 2]]];
  const npy = npyBytes("<f4", [3], floats);
  await inFolder(raw, async (folder) => assertEquals(await fitted(folder, TWO), [item]));
  await inFolder(
    { "IN0.bin": raw.IN0, "IN1.npy": npy },
    async (folder) => assertEquals(await fitted(folder, TWO), [item]),
  );
  await inFolder(
    { "IN0.json": "[1, 2, 3, 4]", "IN1.npy": npyBytes("<f4", [1, 3], floats), OUT0: "x" },
    async (folder) => {
      const notes: string[] = [];
      assertEquals(await fitted(folder, TWO, notes), [item]);
      assertStringIncludes(notes.join(), "are passed over, as no input has their names: OUT0.");
    },
  );
  const more = Int32Array.of(1, 2, 3, 4, 5, 6, 7, 8), twice = Float32Array.of(...floats, ...floats);
  await inFolder(
    { "IN0.npy": npyBytes("<i4", [2, 2, 2], more), "IN1.npy": npyBytes("<f4", [2, 3], twice) },
    async (folder) => assertEquals(await fitted(folder, TWO), [item, [["IN0", [2, 2], [5, 6, 7, 8]], item[1]]]),
  );
  const texts = [{ ...TEXT, shape: [2] }, TWO[1]!];
  await inFolder(
    { t: "first\nsecond\n", IN1: raw.IN1 },
    async (folder) => assertEquals(await fitted(folder, texts), [[["t", [2], ["first", "second"]], item[1]]]),
  );
  const image = Uint8Array.of(0x89, 0x50, 0xff);
  for (const name of ["t", "t.png"]) {
    await inFolder({ [name]: image, IN1: raw.IN1 }, async (folder) => {
      assertEquals(await fitted(folder, [TEXT, TWO[1]!]), [[["t", [1], [image]], item[1]]]);
    });
  }
});

Deno.test("fitInputs() takes a file that is called like an input for it, points and all", async () => {
  const ints = Int32Array.of(1, 2, 3, 4), floats = Float32Array.of(0.5, 1, 2);
  const raw = [new Uint8Array(ints.buffer), new Uint8Array(floats.buffer)] as const;
  const [first, second] = TWO.map((spec, i) => ({ ...spec, name: ["input.1", "input"][i]! }));
  const item = [["input.1", [2, 2], [1, 2, 3, 4]], ["input", [3], [0.5, 1, 2]]];
  for (const names of [["input.1", "input"], ["input.1", "input.bin"], ["input.1.bin", "input.raw"]] as const) {
    await inFolder({ [names[0]]: raw[0], [names[1]]: raw[1] }, async (folder) => {
      assertEquals(await fitted(folder, [first!, second!]), [item]);
    });
  }
  await inFolder({ "input.1": raw[0], y: "" }, async (folder) => {
    assertEquals(await fitted(folder, [first!]), [[item[0]]]);
  });
  await inFolder({ "text.json": "a", IN0: raw[0] }, async (folder) => {
    const texts = [{ ...TEXT, name: "text.json" }, TWO[0]!];
    assertEquals(await fitted(folder, texts), [[["text.json", [1], ["a"]], ["IN0", [2, 2], [1, 2, 3, 4]]]]);
  });
});

Deno.test("fitInputs() takes a folder of one input's items by its name only where the name is all that it has", async () => {
  const [, one] = TWO;
  const first = npyBytes("<f4", [3], Float32Array.of(1, 2, 3)), second = npyBytes("<f4", [3], Float32Array.of(4, 5, 6));
  const items = [[["IN1", [3], [1, 2, 3]]], [["IN1", [3], [4, 5, 6]]]];
  await inFolder({ "IN1.npy": first, "b.npy": second }, async (folder) => {
    assertEquals(await fitted(folder, [one!]), items);
  });
  await inFolder({ IN1: new Uint8Array(Float32Array.of(1, 2, 3).buffer), y: "" }, async (folder) => {
    assertEquals(await fitted(folder, [one!]), [items[0]!]);
  });
  await inFolder({ "IN1.json": '[{"IN1": [1, 2, 3]}, [4, 5, 6]]' }, async (folder) => {
    assertEquals(await fitted(folder, [one!]), items);
  });
});

Deno.test("fitInputs() refuses a folder that lacks an input or holds other sizes, and says why", async () => {
  const raw = new Uint8Array(16);
  const rows: [Readonly<Record<string, Uint8Array>>, string][] = [
    [{ IN0: raw }, 'named like it: there is none for "IN1"'],
    [{ IN0: raw, IN1: raw }, '"IN1" as its shape [3] must hold 3 elements of FP32: found 16 bytes, 4 an element'],
    [{ "a.png": raw, "b.png": raw }, "must take one tensor: it takes IN0 and IN1"],
    [
      {
        "IN0.npy": npyBytes("<i4", [2, 2, 2], new Int32Array(8)),
        "IN1.npy": npyBytes("<f4", [3, 3], new Float32Array(9)),
      },
      "must hold as many items: found in IN0.npy 2, IN1.npy 3",
    ],
    [{ "IN0.npy": npyBytes("<i4", [5], new Int32Array(5)), IN1: raw }, "must hold 4 elements of INT32: found 5"],
    [{ "IN0.json": new TextEncoder().encode("[1"), IN1: raw }, 'IN0.json" as it must be JSON'],
  ];
  for (const [files, words] of rows) {
    await inFolder(files, async (folder) => {
      const { message } = await assertRejects(() => fitted(folder, TWO), UsageError);
      assertStringIncludes(message, words);
    });
  }
});

Deno.test("fitInputs() takes an archive of NumPy as a folder of its arrays", async () => {
  const arrays = {
    "IN0.npy": npyBytes("<i4", [2, 2], Int32Array.of(1, 2, 3, 4)),
    "IN1.npy": npyBytes("<f4", [3], Float32Array.of(0.5, 1, 2)),
  };
  const item = [["IN0", [2, 2], [1, 2, 3, 4]], ["IN1", [3], [0.5, 1, 2]]];
  for (const deflated of [false, true]) {
    const archive = await zipped(arrays, deflated);
    await inFolder({ "a.npz": archive }, async (folder) => assertEquals(await fitted(`${folder}/a.npz`, TWO), [item]));
    const one = await zipped({ "arr_0.npy": arrays["IN1.npy"] }, deflated);
    await inFolder({ "a.npz": one }, async (folder) => {
      assertEquals(await fitted(`${folder}/a.npz`, [TWO[1]!]), [[item[1]]]);
    });
    for (const damaged of [archive.subarray(0, -30), new Uint8Array(10), new Uint8Array(100)]) {
      await inFolder({ "a.npz": damaged }, async (folder) => {
        await assertRejects(() => fitted(`${folder}/a.npz`, TWO), UsageError, "must be an archive of NumPy");
      });
    }
  }
});

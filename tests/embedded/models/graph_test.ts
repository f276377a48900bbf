import { assertEquals, assertNotEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import { bert } from "../../../src/embedded/models/bert.ts";
import { countParameters } from "../../../src/embedded/models/graph.ts";
import { mobilenetV2 } from "../../../src/embedded/models/mobilenet_v2.ts";
import { encodeModelFile, fingerprint } from "../../../src/embedded/models/model_file.ts";
import { modelProto } from "../../../src/embedded/models/onnx_schema.ts";
import { resnet18, resnet50 } from "../../../src/embedded/models/resnet.ts";

/** Counts published by torchvision and, for BERT mini, by its authors (11,170,560) and a classifier of two labels. */
const PUBLISHED = [
  [mobilenetV2(64), 3_504_872],
  [resnet18(64), 11_689_512],
  [resnet50(64), 25_557_032],
  [bert(), 11_170_560 + 2 * 256 + 2],
] as const;

for (const [graph, parameters] of PUBLISHED) {
  Deno.test(`countParameters() of ${graph.name} equals the published count`, () => {
    assertEquals(countParameters(graph), parameters);
  });
}

const concatenated = (seed: number) => Buffer.concat([...encodeModelFile(mobilenetV2(64), seed)]);

Deno.test("encodeModelFile() gives pieces that are one ONNX model when joined", () => {
  const graph = mobilenetV2(64);
  const model = modelProto.toObject(modelProto.decode(concatenated(1)), { longs: Number });
  assertEquals(model.irVersion, 9);
  assertEquals(model.opsetImport[0].version, 20);
  assertEquals(model.graph.node.length, graph.nodes.length);
  assertEquals(model.graph.initializer.length, graph.tensors.length);
  assertEquals(model.graph.input[0].type.tensorType.shape.dim, [
    { dimParam: "batch" },
    { dimValue: 3 },
    { dimValue: 64 },
    { dimValue: 64 },
  ]);
  const names = new Set([...graph.inputs, ...graph.tensors].map(({ name }) => name));
  for (const { inputs, output } of graph.nodes) {
    for (const name of inputs) assertEquals(names.has(name), true, `${name} is used before it is made`);
    names.add(output);
  }
});

Deno.test("encodeModelFile() gives the same bytes for the same seed and others for another", () => {
  const first = concatenated(1);
  assertEquals(concatenated(1).compare(first), 0);
  assertNotEquals(concatenated(2).compare(first), 0);
});

Deno.test("fingerprint() differs by architecture and seed", () => {
  const prints = [
    fingerprint(mobilenetV2(64), 1),
    fingerprint(mobilenetV2(64), 2),
    fingerprint(mobilenetV2(96), 1),
    fingerprint(resnet18(64), 1),
  ];
  assertEquals(new Set(prints).size, prints.length);
  assertEquals(fingerprint(mobilenetV2(64), 1), prints[0]);
});

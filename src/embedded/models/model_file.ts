import { createHash } from "node:crypto";
import { seededRandom } from "../../core/random.ts";
import { type Attribute, countElements, type Graph, type GraphPort, type TensorPlan } from "./graph.ts";
import { ATTRIBUTE_TYPE, ELEMENT_TYPE, modelProto } from "./onnx_schema.ts";

/** Raise it when the same graph would get other weights or another encoding. */
const ENCODING_VERSION = 1;

/**
 * Encodes a graph with seeded random weights as an ONNX file, piece by piece, so that a model of 100 MB never stands
 * in memory: protobuf merges the pieces of one message.
 *
 * @param graph The network.
 * @param seed Seed of the weights.
 * @returns The file's bytes, in pieces.
 */
export function* encodeModelFile(graph: Graph, seed: number): Generator<Uint8Array> {
  yield modelProto.encode({
    irVersion: 9,
    producerName: "torchgauge",
    docString: "Random weights: its timing is real, its predictions mean nothing.",
    opsetImport: [{ domain: "", version: 20 }],
    graph: {
      name: graph.name,
      input: graph.inputs.map(encodePort),
      output: graph.outputs.map(encodePort),
      node: graph.nodes.map((node) => ({
        name: node.output,
        opType: node.operator,
        input: node.inputs,
        output: [node.output],
        attribute: Object.entries(node.attributes).map(encodeAttribute),
      })),
    },
  }).finish();
  for (const [index, tensor] of graph.tensors.entries()) {
    const initializer = {
      name: tensor.name,
      dims: tensor.dims,
      dataType: ELEMENT_TYPE[tensor.elementType],
      rawData: new Uint8Array(elements(tensor, seed + index).buffer),
    };
    yield modelProto.encode({ graph: { initializer: [initializer] } }).finish();
  }
}

/**
 * Names a graph by what its file would hold: another architecture, seed or encoding has another fingerprint.
 *
 * @param graph The network.
 * @param seed Seed of the weights.
 * @returns 12 hexadecimal digits.
 */
export function fingerprint(graph: Graph, seed: number): string {
  return createHash("sha256").update(JSON.stringify([ENCODING_VERSION, seed, graph])).digest("hex").slice(0, 12);
}

function encodePort(port: GraphPort) {
  const dim = port.shape.map((size) => typeof size === "number" ? { dimValue: size } : { dimParam: size });
  return { name: port.name, type: { tensorType: { elemType: ELEMENT_TYPE[port.elementType], shape: { dim } } } };
}

function encodeAttribute([name, value]: [string, Attribute]) {
  if (typeof value === "number") return { name, type: ATTRIBUTE_TYPE.int, i: value };
  if ("float" in value) return { name, type: ATTRIBUTE_TYPE.float, f: value.float };
  return { name, type: ATTRIBUTE_TYPE.ints, ints: value };
}

function elements(tensor: TensorPlan, seed: number): Float32Array<ArrayBuffer> | BigInt64Array<ArrayBuffer> {
  const { fill } = tensor, count = countElements(tensor);
  if (tensor.elementType === "int64") {
    const values = fill.kind === "values" ? fill.values : Array(count).fill(fill.kind === "constant" ? fill.value : 0);
    return BigInt64Array.from(values, BigInt);
  }
  const floats = new Float32Array(count);
  if (fill.kind === "values") floats.set(fill.values);
  else if (fill.kind === "constant") floats.fill(fill.value);
  else {
    const random = seededRandom(seed), span = 2 * fill.bound;
    for (let i = 0; i < count; i++) floats[i] = random() * span - fill.bound;
  }
  return floats;
}

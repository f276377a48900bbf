/** Type of a tensor's elements. */
export type ElementType = "float32" | "int32" | "int64";

/** How the elements of a tensor come about. */
export type Fill =
  | { readonly kind: "uniform"; readonly bound: number }
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "values"; readonly values: readonly number[] };

/** A tensor that the file will hold: what it is, without its elements. */
export interface TensorPlan {
  /** Unique name in the graph. */
  readonly name: string;
  /** Dimensions; empty for a scalar. */
  readonly dims: readonly number[];
  /** Element type. */
  readonly elementType: "float32" | "int64";
  /** Where its elements come from. */
  readonly fill: Fill;
  /** Whether training would change it: such elements are what people count as parameters. */
  readonly trainable: boolean;
}

/** Value of a node's attribute: an integer, integers, or `{float}`. */
export type Attribute = number | readonly number[] | { readonly float: number };

/** One operation. */
export interface GraphNode {
  /** Operator of the ONNX standard. */
  readonly operator: string;
  /** Names of tensors that it reads. */
  readonly inputs: readonly string[];
  /** Name of the tensor that it makes. */
  readonly output: string;
  /** Attributes by name. */
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A tensor that the graph takes or gives; a word is a dimension of any size. */
export interface GraphPort {
  /** Name of the tensor. */
  readonly name: string;
  /** Element type. */
  readonly elementType: ElementType;
  /** Dimensions. */
  readonly shape: readonly (number | string)[];
}

/** A whole network, without the elements of its weights. */
export interface Graph {
  /** Name of the architecture. */
  readonly name: string;
  /** What it takes. */
  readonly inputs: readonly GraphPort[];
  /** What it gives. */
  readonly outputs: readonly GraphPort[];
  /** In an order in which they can run. */
  readonly nodes: readonly GraphNode[];
  /** Weights and constants. */
  readonly tensors: readonly TensorPlan[];
}

/**
 * Counts what training would change.
 *
 * @param graph The network.
 * @returns Number of trainable elements.
 */
export function countParameters(graph: Graph): number {
  return graph.tensors.filter((tensor) => tensor.trainable).reduce((sum, tensor) => sum + countElements(tensor), 0);
}

/**
 * Counts the elements of a tensor.
 *
 * @param tensor The tensor.
 * @returns The product of its dimensions, 1 for a scalar.
 */
export function countElements(tensor: TensorPlan): number {
  return tensor.dims.reduce((product, size) => product * size, 1);
}

/** Builds a {@linkcode Graph} layer by layer; every method returns the name of the tensor that it made. */
export class GraphBuilder {
  readonly #nodes: GraphNode[] = [];
  readonly #tensors: TensorPlan[] = [];

  /** Adds an operation. */
  node(operator: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    const output = `${operator.toLowerCase()}_${this.#nodes.length}`;
    this.#nodes.push({ operator, inputs, output, attributes });
    return output;
  }

  /** Adds trainable weights. */
  weight(dims: readonly number[], fill: Fill): string {
    return this.#tensor("weight", dims, "float32", fill, true);
  }

  /** Adds numbers that belong to the network's structure. */
  constant(value: number | readonly number[], elementType: "float32" | "int64" = "float32"): string {
    return typeof value === "number"
      ? this.#tensor("constant", [], elementType, { kind: "constant", value }, false)
      : this.#tensor("constant", [value.length], elementType, { kind: "values", values: value }, false);
  }

  /**
   * Adds a convolution without bias and its batch normalisation.
   *
   * Weights are uniform with the bound of K. He (2015), sqrt(6 / fan-in), so that activations neither vanish nor
   * explode; running statistics are those of a fresh layer (mean 0, variance 1).
   */
  convolution(input: string, shape: Convolution): string {
    const { from, to, kernel, stride = 1, groups = 1, gain = 1 } = shape;
    const padding = (kernel - 1) >> 1;
    const fanIn = (from / groups) * kernel * kernel;
    const weight = this.weight([to, from / groups, kernel, kernel], { kind: "uniform", bound: Math.sqrt(6 / fanIn) });
    const convolved = this.node("Conv", [input, weight], {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: [padding, padding, padding, padding],
      group: groups,
    });
    const statistics = (value: number) => this.#tensor("running", [to], "float32", { kind: "constant", value }, false);
    return this.node("BatchNormalization", [
      convolved,
      this.weight([to], { kind: "constant", value: gain }),
      this.weight([to], { kind: "constant", value: 0 }),
      statistics(0),
      statistics(1),
    ], { epsilon: { float: 1e-5 } });
  }

  /** Adds a fully connected layer on the last dimension. */
  linear(input: string, from: number, to: number): string {
    const weight = this.weight([from, to], { kind: "uniform", bound: Math.sqrt(3 / from) });
    const bias = this.weight([to], { kind: "uniform", bound: 1 / Math.sqrt(from) });
    return this.node("Add", [this.node("MatMul", [input, weight]), bias]);
  }

  /** Finishes the graph; `result` becomes the output `output.name`. */
  build(name: string, inputs: readonly GraphPort[], result: string, output: GraphPort): Graph {
    return this.buildAll(name, inputs, [[result, output]]);
  }

  /** Finishes a graph of several outputs; each result becomes the output beside it. */
  buildAll(
    name: string,
    inputs: readonly GraphPort[],
    results: readonly (readonly [result: string, output: GraphPort])[],
  ): Graph {
    const named = results.map(([result, { name }]): GraphNode => ({
      operator: "Identity",
      inputs: [result],
      output: name,
      attributes: {},
    }));
    const outputs = results.map(([, output]) => output);
    return { name, inputs, outputs, nodes: [...this.#nodes, ...named], tensors: this.#tensors };
  }

  #tensor(
    stem: string,
    dims: readonly number[],
    elementType: "float32" | "int64",
    fill: Fill,
    trainable: boolean,
  ): string {
    const name = `${stem}_${this.#tensors.length}`;
    this.#tensors.push({ name, dims, elementType, fill, trainable });
    return name;
  }
}

/** Shape of a square convolution that keeps the size at stride 1. */
export interface Convolution {
  /** Channels of the input. */
  readonly from: number;
  /** Channels of the output. */
  readonly to: number;
  /** Length of the kernel's side. */
  readonly kernel: number;
  /** Step in both directions. @default {1} */
  readonly stride?: number;
  /** Groups of channels that do not mix; equal to `from` for a depthwise convolution. @default {1} */
  readonly groups?: number;
  /** Scale of the batch normalisation. @default {1} */
  readonly gain?: number;
}

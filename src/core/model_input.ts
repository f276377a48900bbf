/** A JSON value. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** Element types by their Open Inference Protocol names. */
export type Datatype =
  | "BOOL"
  | "INT8"
  | "INT16"
  | "INT32"
  | "INT64"
  | "UINT8"
  | "UINT16"
  | "UINT32"
  | "UINT64"
  | "FP16"
  | "FP32"
  | "FP64"
  | "BYTES";

/** Elements of one tensor, row-major. INT64 and UINT64 hold integers as numbers (exact below 2^53). */
export type TensorData = readonly number[] | readonly string[] | Float32Array | Float64Array | Int32Array | Uint8Array;

/** One tensor of one item: the shape has no batch dimension. */
export interface Tensor {
  /** Name of the model's input. */
  readonly name: string;
  /** Element type. */
  readonly datatype: Datatype;
  /** Dimensions of one item, without the batch dimension. */
  readonly shape: readonly number[];
  /** Elements, row-major, as many as the product of `shape`. */
  readonly data: TensorData;
}

/** One item to predict on. A batch is several of them. */
export type ModelInput =
  | { readonly kind: "tensors"; readonly tensors: readonly Tensor[] }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "json"; readonly value: JsonValue }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array; readonly contentType: string };

/** One input that a model takes; -1 is a dimension of any size. The shape has no batch dimension. */
export interface TensorSpec {
  /** Name of the model's input. */
  readonly name: string;
  /** Element type. */
  readonly datatype: Datatype;
  /** Dimensions of one item, without the batch dimension; -1 where any size is accepted. */
  readonly shape: readonly number[];
}

/** What items a model takes, so that different ones can be made from a seed. */
export type InputSpec =
  | { readonly kind: "tensors"; readonly tensors: readonly TensorSpec[] }
  | { readonly kind: "text"; readonly words: number }
  | { readonly kind: "samples"; readonly samples: readonly ModelInput[] };

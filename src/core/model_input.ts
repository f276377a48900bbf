import type { TokenLengths } from "./request/token_lengths.ts";

/** A JSON value; integers beyond 2^53 are exact as bigint. */
export type JsonValue =
  | null
  | boolean
  | number
  | bigint
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
  | "BF16"
  | "FP32"
  | "FP64"
  | "BYTES";

/**
 * Elements of one tensor, row-major. An array of the element type itself is sent as it stands in memory; others are converted,
 * and INT64 and UINT64 given as numbers are exact below 2^53. The array of BF16 is a `Uint16Array` of its bits. An element of
 * BYTES is a text or bytes.
 */
export type TensorData =
  | readonly number[]
  | readonly (string | Uint8Array)[]
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | Float16Array
  | Float32Array
  | Float64Array;

/**
 * What of an item may differ from request to request, so that no two requests of a run are the same: some places, each of
 * which may hold any of some values. The item stays one that the model takes.
 */
export interface Variation {
  /** How many places there are: the first elements of a tensor of numbers, the last words of a text. */
  readonly places: number;
  /** What may stand in each of them, at least two: elements, or texts of ASCII letters, digits and spaces of one length. */
  readonly values: TensorData;
  /** What the number of a request is divided by first: what other tensors of the item hold of it. @default {1} */
  readonly divisor?: number;
  /** Says that the places of a text are its first words: a server that keeps what it knows of a beginning then knows none. */
  readonly atFront?: true;
}

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
  /** What of it may differ from request to request; of texts the end of the first. Left out where nothing may. */
  readonly variation?: Variation;
  /** Says that no element may be another, as they are the bytes of a file: an image that is not decoded. */
  readonly fixed?: true;
}

/** A prompt of a language model, with what its request says of its own. */
export interface Prompt {
  /** Says that it is one. */
  readonly kind: "prompt";
  /** A text, or the messages of a conversation as the server takes them. */
  readonly content: string | readonly JsonValue[];
  /** Most output tokens of its answer. @default {as many as all are asked for} */
  readonly outputTokens?: number;
  /** What else its request says, by name: `tools`, `stop`, ... */
  readonly members?: Readonly<Record<string, JsonValue>>;
  /** Tokens of its content by a tokenizer of the user's; left out without one. */
  readonly tokens?: number;
  /** What of it may differ from request to request: the first words of the text, or of the first message of a user. */
  readonly variation?: Variation;
}

/** One item to predict on. A batch is several of them. */
export type ModelInput =
  | Prompt
  | { readonly kind: "tensors"; readonly tensors: readonly Tensor[] }
  | { readonly kind: "text"; readonly text: string; readonly variation?: Variation }
  | {
    readonly kind: "json";
    readonly value: JsonValue;
    /** The JSON itself, where that says more than the value: `1.0` is no integer to who reads it. */
    readonly written?: string;
  }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array; readonly contentType: string };

/** One input that a model takes; -1 is a dimension of any size. The shape has no batch dimension. */
export interface TensorSpec {
  /** Name of the model's input. */
  readonly name: string;
  /** Element type. */
  readonly datatype: Datatype;
  /** Dimensions of one item, without the batch dimension; -1 where any size is accepted. */
  readonly shape: readonly number[];
  /** Says that an item may leave it out. */
  readonly optional?: true;
  /**
   * Says that nothing is put in front of `shape`, but that its first dimension, of any size, may be the model's own batch. An
   * item has 1 there where nobody says otherwise.
   */
  readonly ownBatch?: true;
}

/** What is said of an input where that is not all; `null` where nothing is. */
export type PartialInput = Omit<TensorSpec, "datatype" | "shape"> & {
  readonly datatype: Datatype | null;
  readonly shape: readonly number[] | null;
};

/**
 * How the items of a protocol become bytes, as plain data: that is done in another thread where it takes long.
 *
 * - `json`: each item as one JSON value
 * - `tensors`: each item as tensors of the Open Inference Protocol, `raw` or as JSON; `inputs` are those that the model has,
 *   `null` where nobody knows
 */
export type ItemForm =
  | { readonly kind: "json" }
  | { readonly kind: "tensors"; readonly raw: boolean; readonly inputs: readonly TensorSpec[] | null };

/**
 * What items a model takes, so that different ones can be made from a seed; or those that were given, with the reason in
 * words, `unlike`, where they cannot stand in one batch.
 */
export type InputSpec =
  | {
    readonly kind: "tensors";
    readonly tensors: readonly TensorSpec[];
    /** Says that nobody described them: they are what models of such a name take, and what the user says goes before. */
    readonly guessed?: true;
  }
  | { readonly kind: "text"; readonly words: number; readonly variesAtFront?: true }
  | {
    readonly kind: "prompts";
    /** Tokens of each, one a word. */
    readonly tokens: TokenLengths;
    /** Output tokens asked for with each; left out where all are asked for the same. */
    readonly outputTokens?: TokenLengths;
    /** Words that are one token each, wherever they stand. @default {usual ones, of which that is not known} */
    readonly vocabulary?: readonly string[];
  }
  | {
    readonly kind: "samples";
    readonly samples: readonly ModelInput[];
    readonly unlike?: string;
    /** Says that texts differ in their first words, not in their last. */
    readonly variesAtFront?: true;
    /** Output tokens asked for with prompts that say none of their own; left out where that is the same for all. */
    readonly outputTokens?: TokenLengths;
    /** Words that are one token each: prompts differ by them. @default {usual ones} */
    readonly vocabulary?: readonly string[];
  };

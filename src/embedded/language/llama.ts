import { type Graph, GraphBuilder, type GraphPort } from "../models/graph.ts";

/** Sizes of the network. */
export const LLAMA = {
  vocabulary: 4096,
  hidden: 256,
  layers: 4,
  heads: 4,
  /** Heads of keys and values: two heads of queries share one (grouped-query attention, J. Ainslie et al., 2023). */
  keyHeads: 2,
  headWidth: 64,
  wide: 768,
  /** Most tokens of prompt and answer together. */
  context: 2048,
} as const;

const { vocabulary, hidden, layers, heads, keyHeads, headWidth, wide } = LLAMA;
const GROUP = heads / keyHeads;
/** Base of the rotary embedding's wave lengths (J. Su et al., 2021). */
const ROTARY_BASE = 10_000;
/** Scale of the logits: random weights would else give every token about the same chance. */
const LOGIT_GAIN = 4;

/** Names of a layer's keys and values: what was kept of them, and what the new tokens add. */
export const CACHE_NAMES: readonly { readonly past: string; readonly added: string }[] = Array.from(
  { length: 2 * layers },
  (_, i) => {
    const name = `${i % 2 === 0 ? "k" : "v"}${Math.floor(i / 2)}`;
    return { past: `past_${name}`, added: `new_${name}` };
  },
);

/**
 * A decoder shaped like Llama (H. Touvron et al., 2023) of 5.2 million parameters: RMS normalisation, rotary embedding,
 * grouped-query attention, SwiGLU. Time comes first in all of its tensors, so that what is kept of keys and values grows at
 * its end without a copy.
 *
 * It takes `input_ids` and `positions` of [tokens, batch], a `mask` of [batch, 1, 1, tokens, kept + tokens] that is added to
 * the scores, and keys and values of [kept, batch, 2, 64] for each layer; it gives `logits` of [batch, 4096] behind the last
 * token, and the keys and values of the new tokens.
 */
export function llama(): Graph {
  const b = new GraphBuilder();
  const weight = (from: number, to: number, gain = 1) =>
    b.weight([from, to], { kind: "uniform", bound: gain * Math.sqrt(3 / from) });
  const linear = (x: string, from: number, to: number, gain?: number) => b.node("MatMul", [x, weight(from, to, gain)]);
  const shaped = (x: string, dims: readonly number[]) => b.node("Reshape", [x, b.constant(dims, "int64")]);
  const rotary = rotaryOf(b);
  const added: string[] = [];
  let x = b.node("Gather", [b.weight([vocabulary, hidden], { kind: "uniform", bound: 1 }), "input_ids"]);
  for (let layer = 0; layer < layers; layer++) {
    const attended = normalised(b, x);
    const query = rotary(shaped(linear(attended, hidden, heads * headWidth), [0, 0, heads, headWidth]));
    const key = rotary(shaped(linear(attended, hidden, keyHeads * headWidth), [0, 0, keyHeads, headWidth]));
    const value = shaped(linear(attended, hidden, keyHeads * headWidth), [0, 0, keyHeads, headWidth]);
    added.push(key, value);
    const keys = b.node("Concat", [CACHE_NAMES[2 * layer]!.past, key], { axis: 0 });
    const values = b.node("Concat", [CACHE_NAMES[2 * layer + 1]!.past, value], { axis: 0 });
    const mixed = attention(b, shaped, { query, keys, values });
    x = b.node("Add", [x, linear(mixed, heads * headWidth, hidden)]);
    const fed = normalised(b, x), gate = linear(fed, hidden, wide);
    const swish = b.node("Mul", [gate, b.node("Sigmoid", [gate])]);
    x = b.node("Add", [x, linear(b.node("Mul", [swish, linear(fed, hidden, wide)]), wide, hidden)]);
  }
  const last = b.node("Gather", [normalised(b, x), b.constant(-1, "int64")], { axis: 0 });
  const logits = linear(last, hidden, vocabulary, LOGIT_GAIN);
  const cache = (name: string, first: string): GraphPort => ({
    name,
    elementType: "float32",
    shape: [first, "batch", keyHeads, headWidth],
  });
  return b.buildAll("llama_tiny", [
    { name: "input_ids", elementType: "int64", shape: ["tokens", "batch"] },
    { name: "positions", elementType: "float32", shape: ["tokens", "batch"] },
    { name: "mask", elementType: "float32", shape: ["batch", 1, 1, "tokens", "total"] },
    ...CACHE_NAMES.map(({ past }) => cache(past, "kept")),
  ], [
    [logits, { name: "logits", elementType: "float32", shape: ["batch", vocabulary] }],
    ...CACHE_NAMES.map(({ added: name }, i) => [added[i]!, cache(name, "tokens")] as const),
  ]);
}

type Shaped = (x: string, dims: readonly number[]) => string;

function attention(
  b: GraphBuilder,
  shaped: Shaped,
  { query, keys, values }: { readonly query: string; readonly keys: string; readonly values: string },
): string {
  const two = b.constant([2], "int64");
  // Batch, heads of keys, heads that share one, tokens, width.
  const queries = b.node("Transpose", [shaped(query, [0, 0, keyHeads, GROUP, headWidth])], { perm: [1, 2, 3, 0, 4] });
  const across = b.node("Unsqueeze", [b.node("Transpose", [keys], { perm: [1, 2, 3, 0] }), two]);
  const along = b.node("Unsqueeze", [b.node("Transpose", [values], { perm: [1, 2, 0, 3] }), two]);
  const scores = b.node("Div", [b.node("MatMul", [queries, across]), b.constant(Math.sqrt(headWidth))]);
  const weights = b.node("Softmax", [b.node("Add", [scores, "mask"])], { axis: -1 });
  const mixed = b.node("Transpose", [b.node("MatMul", [weights, along])], { perm: [3, 0, 1, 2, 4] });
  return shaped(mixed, [0, 0, heads * headWidth]);
}

/** Turns pairs of elements by an angle that grows with the position of their token. */
function rotaryOf(b: GraphBuilder): (x: string) => string {
  const half = headWidth / 2;
  const frequencies = Array.from({ length: half }, (_, i) => ROTARY_BASE ** (-i / half));
  const positions = b.node("Unsqueeze", ["positions", b.constant([2, 3], "int64")]);
  const angles = b.node("Mul", [positions, b.constant(frequencies)]);
  const cosine = b.node("Cos", [angles]), sine = b.node("Sin", [angles]);
  const part = (x: string, from: number, to: number) =>
    b.node("Slice", [
      x,
      b.constant([from], "int64"),
      b.constant([to], "int64"),
      b.constant([3], "int64"),
    ]);
  return (x) => {
    const first = part(x, 0, half), second = part(x, half, headWidth);
    const product = (a: string, c: string) => b.node("Mul", [a, c]);
    return b.node("Concat", [
      b.node("Sub", [product(first, cosine), product(second, sine)]),
      b.node("Add", [product(second, cosine), product(first, sine)]),
    ], { axis: 3 });
  };
}

function normalised(b: GraphBuilder, x: string): string {
  const square = b.node("Mul", [x, x]);
  const mean = b.node("ReduceMean", [square, b.constant([-1], "int64")], { keepdims: 1 });
  const scale = b.node("Sqrt", [b.node("Add", [mean, b.constant(1e-5)])]);
  return b.node("Mul", [b.node("Div", [x, scale]), b.weight([hidden], { kind: "constant", value: 1 })]);
}

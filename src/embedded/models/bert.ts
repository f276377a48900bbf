import { type Graph, GraphBuilder } from "./graph.ts";

/** Words of the vocabulary, that of `bert-base-uncased`. */
export const VOCABULARY_SIZE = 30522;

const HIDDEN = 256, LAYERS = 4, HEADS = 4, POSITIONS = 512, TOKEN_TYPES = 2, LABELS = 2;

/**
 * The encoder of BERT (J. Devlin et al., 2018) in the published size "mini" (4 layers, 256 wide, 4 heads; I. Turc et
 * al., 2019) with its pooler and a classifier of two labels.
 */
export function bert(): Graph {
  const builder = new GraphBuilder();
  let x = embeddings(builder);
  const mask = attentionMask(builder);
  for (let layer = 0; layer < LAYERS; layer++) {
    x = normalised(builder, builder.node("Add", [x, attention(builder, x, mask)]));
    const wide = builder.node("Gelu", [builder.linear(x, HIDDEN, 4 * HIDDEN)]);
    x = normalised(builder, builder.node("Add", [x, builder.linear(wide, 4 * HIDDEN, HIDDEN)]));
  }
  const first = builder.node("Gather", [x, builder.constant(0, "int64")], { axis: 1 });
  const pooled = builder.node("Tanh", [builder.linear(first, HIDDEN, HIDDEN)]);
  return builder.build(
    "bert",
    [
      { name: "input_ids", elementType: "int32", shape: ["batch", "tokens"] },
      { name: "attention_mask", elementType: "int32", shape: ["batch", "tokens"] },
    ],
    builder.linear(pooled, HIDDEN, LABELS),
    { name: "logits", elementType: "float32", shape: ["batch", LABELS] },
  );
}

function embeddings(builder: GraphBuilder): string {
  const table = (rows: number) => builder.weight([rows, HIDDEN], { kind: "uniform", bound: 1 });
  const words = builder.node("Gather", [table(VOCABULARY_SIZE), "input_ids"]);
  const zero = builder.constant([0], "int64");
  const tokens = builder.node("Shape", ["input_ids"], { start: 1, end: 2 });
  const positions = builder.node("Slice", [table(POSITIONS), zero, tokens, zero]);
  const types = builder.node("Gather", [table(TOKEN_TYPES), zero]);
  return normalised(builder, builder.node("Add", [builder.node("Add", [words, positions]), types]));
}

/** 0 where there is a token and -10000 where there is padding, shaped to be added to the scores. */
function attentionMask(builder: GraphBuilder): string {
  const ones = builder.node("Cast", ["attention_mask"], { to: 1 });
  const shaped = builder.node("Unsqueeze", [ones, builder.constant([1, 2], "int64")]);
  const absent = builder.node("Sub", [builder.constant(1), shaped]);
  return builder.node("Mul", [absent, builder.constant(-10000)]);
}

function attention(builder: GraphBuilder, x: string, mask: string): string {
  const perHead = builder.constant([0, 0, HEADS, HIDDEN / HEADS], "int64");
  const heads = (order: readonly number[]) =>
    builder.node("Transpose", [builder.node("Reshape", [builder.linear(x, HIDDEN, HIDDEN), perHead])], { perm: order });
  const query = heads([0, 2, 1, 3]), key = heads([0, 2, 3, 1]), value = heads([0, 2, 1, 3]);
  const scores = builder.node("Div", [
    builder.node("MatMul", [query, key]),
    builder.constant(Math.sqrt(HIDDEN / HEADS)),
  ]);
  const weights = builder.node("Softmax", [builder.node("Add", [scores, mask])], { axis: -1 });
  const mixed = builder.node("Transpose", [builder.node("MatMul", [weights, value])], { perm: [0, 2, 1, 3] });
  const joined = builder.node("Reshape", [mixed, builder.constant([0, 0, HIDDEN], "int64")]);
  return builder.linear(joined, HIDDEN, HIDDEN);
}

function normalised(builder: GraphBuilder, x: string): string {
  return builder.node("LayerNormalization", [
    x,
    builder.weight([HIDDEN], { kind: "constant", value: 1 }),
    builder.weight([HIDDEN], { kind: "constant", value: 0 }),
  ], { axis: -1, epsilon: { float: 1e-12 } });
}

import type { Feed } from "../inference_worker.ts";

/** The items of one request, checked and ready for the model. */
export type Items =
  | { readonly kind: "tensor"; readonly count: number; readonly data: Float32Array<ArrayBuffer> }
  | { readonly kind: "text"; readonly count: number; readonly tokens: readonly Int32Array[] };

/**
 * Joins the items of several requests into the inputs of one execution. Texts are padded to the longest of them, and
 * the padding is masked, so that the company of others does not change an answer.
 *
 * @param name Name of the tensor for tensors; texts become `input_ids` and `attention_mask`.
 * @param itemShape Dimensions of one tensor.
 * @param requests Items of each request, all of one kind.
 */
export function joinItems(name: string, itemShape: readonly number[], requests: readonly Items[]): Feed[] {
  const count = requests.reduce((sum, items) => sum + items.count, 0);
  const tokens = requests.flatMap((items) => items.kind === "text" ? items.tokens : []);
  return tokens.length > 0
    ? joinTexts(tokens)
    : [{ name, data: joinTensors(requests.map((items) => dataOf(items))), dims: [count, ...itemShape] }];
}

function dataOf(items: Items): Float32Array<ArrayBuffer> {
  return items.kind === "tensor" ? items.data : new Float32Array(0);
}

function joinTensors(parts: readonly Float32Array<ArrayBuffer>[]): Float32Array<ArrayBuffer> {
  if (parts.length === 1) return parts[0]!;
  const joined = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

function joinTexts(texts: readonly Int32Array[]): Feed[] {
  const longest = Math.max(...texts.map((tokens) => tokens.length));
  const ids = new Int32Array(texts.length * longest), mask = new Int32Array(texts.length * longest);
  for (const [row, tokens] of texts.entries()) {
    ids.set(tokens, row * longest);
    mask.fill(1, row * longest, row * longest + tokens.length);
  }
  const dims = [texts.length, longest];
  return [{ name: "input_ids", data: ids, dims }, { name: "attention_mask", data: mask, dims }];
}

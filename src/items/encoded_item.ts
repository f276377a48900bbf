import type { MarkedBytes } from "../core/marker.ts";
import type { ItemForm, ModelInput, Tensor } from "../core/model_input.ts";
import { itemTensors } from "./item_tensors.ts";
import { jsonElements, jsonItem } from "./json_items.ts";
import { rawTensor } from "./raw_tensor.ts";

/** One tensor of one item with its elements as they go into a body. */
export interface EncodedTensor extends MarkedBytes, Pick<Tensor, "name" | "datatype" | "shape"> {}

/** The bytes of one item, in the parts of which bodies are made. */
export type EncodedItem<Form extends ItemForm = ItemForm> = Form extends { readonly kind: "json" } ? MarkedBytes
  : readonly EncodedTensor[];

const known = new WeakMap<ItemForm, WeakMap<ModelInput, EncodedItem>>();

/**
 * The bytes of an item. They are made once: every request that holds the item shares them.
 *
 * @param form How items become bytes.
 * @param input The item.
 * @throws {UsageError} If it cannot be written so.
 */
export function encodedItem<Form extends ItemForm>(form: Form, input: ModelInput): EncodedItem<Form> {
  let encoded = known.get(form)?.get(input);
  if (encoded === undefined) {
    encoded = encodeItem(form, input);
    keepEncoded(form, input, encoded);
  }
  return encoded as EncodedItem<Form>;
}

/**
 * Keeps bytes that were made elsewhere.
 *
 * @param form How the item became bytes.
 * @param input The item.
 * @param encoded Its bytes.
 */
export function keepEncoded(form: ItemForm, input: ModelInput, encoded: EncodedItem): void {
  let ofForm = known.get(form);
  if (ofForm === undefined) known.set(form, ofForm = new WeakMap());
  ofForm.set(input, encoded);
}

/**
 * Turns an item into bytes anew.
 *
 * @param form How.
 * @param input The item.
 * @throws {UsageError} If it cannot be written so.
 */
export function encodeItem(form: ItemForm, input: ModelInput): EncodedItem {
  if (form.kind === "json") return jsonItem(input);
  return itemTensors(input, form.inputs).map((tensor) => ({
    name: tensor.name,
    datatype: tensor.datatype,
    shape: tensor.shape,
    ...form.raw ? rawTensor(tensor) : jsonElements(tensor),
  }));
}

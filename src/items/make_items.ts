import type { MarkedBytes } from "../core/marker.ts";
import type { ItemForm, ModelInput } from "../core/model_input.ts";
import { type EncodedItem, encodeItem } from "./encoded_item.ts";
import { generateInputs, type WantedItems } from "./generate_inputs.ts";
import { itemTensors } from "./item_tensors.ts";
import { variedSample } from "./variation.ts";

/** Items with their bytes. */
export interface MadeItems {
  /** In the order of their numbers. */
  readonly items: readonly ModelInput[];
  /** The bytes of each; `null` where they are not made beforehand. */
  readonly encoded: readonly (EncodedItem | null)[];
}

/**
 * Makes items and their bytes, those of consecutive items behind one another in memory.
 *
 * @param wanted Which items.
 * @param form How they become bytes; `null` where that is not known.
 * @param onProgress Told the share that is done, 0 to 1.
 * @throws {UsageError} If they cannot be made or written so.
 */
export function makeItems(
  wanted: WantedItems,
  form: ItemForm | null,
  onProgress: (share: number) => void = () => {},
): MadeItems {
  const items = generateInputs(wanted).map((item) => wanted.varies ? variedJson(item, form) : item);
  if (form === null) return { items, encoded: items.map(() => null) };
  const encoded = items.map((item, i) => {
    onProgress(i / items.length);
    // Where they are no tensor bytes go as they are, or in a template.
    return item.kind === "bytes" && form.kind === "json" ? null : encodeItem(form, item);
  });
  return { items, encoded: packed(encoded) };
}

/** JSON of which the form says that it is tensors may differ as they may. */
function variedJson(item: ModelInput, form: ItemForm | null): ModelInput {
  if (item.kind !== "json" || form?.kind !== "tensors") return item;
  return variedSample({ kind: "tensors", tensors: itemTensors(item, form.inputs) });
}

/** The same with the bytes of each column in one buffer, where they are not already. */
function packed(encoded: readonly (EncodedItem | null)[]): (EncodedItem | null)[] {
  const columns = encoded.reduce((most, item) => Math.max(most, partsOf(item).length), 0);
  let all = [...encoded];
  for (let column = 0; column < columns; column++) {
    const parts = all.map((item) => partsOf(item)[column]?.bytes);
    if (isPacked(parts)) continue;
    const buffer = new Uint8Array(parts.reduce((sum, part) => sum + (part?.length ?? 0), 0));
    let at = 0;
    all = all.map((item, i) => {
      const part = parts[i];
      if (item === null || part === undefined) return item;
      buffer.set(part, at);
      const bytes = buffer.subarray(at, at += part.length);
      return "bytes" in item ? { ...item, bytes } : item.with(column, { ...item[column]!, bytes });
    });
  }
  return all;
}

function partsOf(item: EncodedItem | null): readonly MarkedBytes[] {
  return item === null ? [] : "bytes" in item ? [item] : item;
}

function isPacked(parts: readonly (Uint8Array | undefined)[]): boolean {
  return parts.every((part, i) => {
    const before = parts[i - 1];
    return before === undefined || part === undefined ||
      before.buffer === part.buffer && before.byteOffset + before.length === part.byteOffset;
  });
}

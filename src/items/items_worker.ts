/**
 * Makes items and their bytes in a thread of its own. One message comes, the order; progress and what was made go out.
 *
 * @module
 */
import { UsageError } from "../core/errors.ts";
import type { ModelInput } from "../core/model_input.ts";
import { type MadeItems, makeItems } from "./make_items.ts";
import type { ItemsMessage, ItemsOrder } from "./prepare_items.ts";

/** What a worker's global scope offers; the compiler takes this file for one of the main thread. */
const worker = self as unknown as {
  postMessage(message: ItemsMessage, transfer?: ArrayBuffer[]): void;
  onmessage: (event: MessageEvent<ItemsOrder>) => void;
};

worker.onmessage = ({ data: { wanted, form } }) => {
  try {
    const made = makeItems(wanted, form, (share) => worker.postMessage({ kind: "progress", share }));
    worker.postMessage({ kind: "made", made }, buffersOf(made));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    worker.postMessage({ kind: "refused", ...error.words });
  }
};

/** All memory of items and bytes: it is handed over. */
function buffersOf({ items, encoded }: MadeItems): ArrayBuffer[] {
  const views = [...items.flatMap(viewsOf), ...encoded.flatMap((item) => item ?? []).map(({ bytes }) => bytes)];
  return [...new Set(views.map(({ buffer }) => buffer as ArrayBuffer))].filter(({ byteLength }) => byteLength > 0);
}

function viewsOf(item: ModelInput): ArrayBufferView[] {
  if (item.kind === "bytes") return [item.bytes];
  return item.kind === "tensors" ? item.tensors.map(({ data }) => data).filter((data) => ArrayBuffer.isView(data)) : [];
}

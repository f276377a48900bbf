import { UsageError } from "../core/errors.ts";
import type { ItemForm } from "../core/model_input.ts";
import type { OptionWords } from "../core/option_words.ts";
import { checkInputs, type WantedItems } from "./generate_inputs.ts";
import { bytesOfItem } from "./item_bytes.ts";
import { type MadeItems, makeItems } from "./make_items.ts";

/** What is said to the thread that makes items. */
export interface ItemsOrder {
  /** Which items. */
  readonly wanted: WantedItems;
  /** How they become bytes. */
  readonly form: ItemForm | null;
}

/** What it says. */
export type ItemsMessage =
  | { readonly kind: "progress"; readonly share: number }
  | { readonly kind: "made"; readonly made: MadeItems }
  | { readonly kind: "refused"; readonly message: OptionWords; readonly hint: OptionWords | undefined };

/** Less than this is made in a few milliseconds, sooner than a thread starts. */
const FEW_BYTES = 2 ** 20;

/** Options of {@linkcode prepareItems}. */
export interface PrepareOptions {
  /** Ends it. */
  readonly signal?: AbortSignal;
  /** Told the share that is done, 0 to 1; only where it takes long. */
  readonly onProgress?: (share: number) => void;
}

/**
 * Makes items and their bytes: at once where they are few, under 1 MB; else in a thread of their own, so that this one goes on.
 *
 * @param wanted Which items.
 * @param form How they become bytes; `null` where that is not known.
 * @param options Signal and progress.
 * @returns The items, or a promise of them; their memory was handed over, not copied.
 * @throws {UsageError} If they cannot be made or written so.
 * @throws The signal's reason, if it was aborted.
 */
export function prepareItems(
  wanted: WantedItems,
  form: ItemForm | null,
  { signal, onProgress = () => {} }: PrepareOptions = {},
): MadeItems | Promise<MadeItems> {
  signal?.throwIfAborted();
  checkInputs(wanted.spec);
  const bytes = bytesOfItem(wanted.spec, form) * (wanted.to - wanted.from);
  return bytes < FEW_BYTES ? makeItems(wanted, form) : inThread(withoutOthers(wanted), form, signal, onProgress);
}

/** Of given samples only those that are wanted, since the others would be copied to the thread for nothing. */
function withoutOthers(wanted: WantedItems): WantedItems {
  const { spec, from, to } = wanted;
  if (spec.kind !== "samples") return wanted;
  return { ...wanted, spec: { ...spec, samples: spec.samples.slice(from, to) }, from: 0, to: to - from };
}

async function inThread(
  wanted: WantedItems,
  form: ItemForm | null,
  signal: AbortSignal | undefined,
  onProgress: (share: number) => void,
): Promise<MadeItems> {
  const worker = new Worker(new URL("./items_worker.ts", import.meta.url), { type: "module" });
  const ended = Promise.withResolvers<MadeItems>();
  const onAbort = () => ended.reject(signal!.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  worker.onmessage = ({ data }: MessageEvent<ItemsMessage>) => {
    if (data.kind === "progress") onProgress(data.share);
    else if (data.kind === "made") ended.resolve(data.made);
    else ended.reject(new UsageError(data.message, data.hint === undefined ? {} : { hint: data.hint }));
  };
  worker.onerror = (event) => {
    event.preventDefault();
    ended.reject(new Error(`Cannot make inputs: ${event.message}`));
  };
  worker.postMessage({ wanted, form } satisfies ItemsOrder);
  try {
    return await ended.promise;
  } finally {
    signal?.removeEventListener("abort", onAbort);
    worker.terminate();
  }
}

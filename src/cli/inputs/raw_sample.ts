import type { ModelInput } from "../../core/model_input.ts";
import type { NpyArray } from "./npy.ts";

/** What one file holds, before it is known what the model takes; of a folder what its files do. */
export type RawSample =
  | { readonly kind: "item"; readonly item: ModelInput }
  | { readonly kind: "array"; readonly array: NpyArray; readonly path: string }
  | { readonly kind: "file"; readonly bytes: Uint8Array; readonly contentType: string; readonly path: string }
  | { readonly kind: "folder"; readonly path: string; readonly files: readonly RawFile[] };

/** A file of a folder. */
export interface RawFile {
  /** Its name in the folder. */
  readonly name: string;
  /** Its path, for messages. */
  readonly path: string;
  /** What it holds. */
  readonly bytes: Uint8Array;
  /** Its items, by its ending; rejects with `UsageError` where it has none. */
  samples(): Promise<readonly RawSample[]>;
}

/**
 * The ending of a file's name in small letters, without its point.
 *
 * @param path The file.
 * @returns The empty text where it has none.
 */
export function endingOf(path: string): string {
  return /[^/\\.][^/\\]*\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
}

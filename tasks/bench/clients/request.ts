import type { WireRequest } from "../../../src/core/transport.ts";
import { JSON_LENGTH_HEADER } from "../../../src/protocols/kserve_v2/encode.ts";
import { IMAGE_BYTES, IMAGE_MODEL, inferencePath } from "../servers/answers.ts";

/** A request whose body is its parts: JSON, then each item. */
export interface PartedRequest extends WireRequest {
  /** Part of {@linkcode WireRequest}. */
  readonly body: readonly Uint8Array<ArrayBuffer>[];
}

/**
 * A request of raw tensors; every item has memory of its own.
 *
 * @param model Small items, or images.
 * @param batchSize Items.
 */
export function requestOf(model: string, batchSize: number): PartedRequest {
  return requestsOf(model, batchSize, 1)[0]!;
}

/**
 * Such requests, each of which begins with another item, as those of a test do.
 *
 * @param model Small items, or images.
 * @param batchSize Items.
 * @param sets How many requests.
 */
export function requestsOf(model: string, batchSize: number, sets: number): PartedRequest[] {
  const [shape, bytes] = model === IMAGE_MODEL ? [[3, 224, 224], IMAGE_BYTES] : [[420], 1680];
  const json = new TextEncoder().encode(JSON.stringify({
    inputs: [{
      name: "image",
      datatype: "FP32",
      shape: [batchSize, ...shape],
      parameters: { binary_data_size: batchSize * bytes },
    }],
    outputs: [{ name: "scores", parameters: { binary_data: false } }],
  }));
  const items = Array.from({ length: sets - 1 + batchSize }, (_, item) => new Uint8Array(bytes).fill(item + 1));
  return Array.from({ length: sets }, (_, set) => ({
    method: "POST",
    path: inferencePath(model),
    headers: ["content-type", "application/octet-stream", JSON_LENGTH_HEADER, String(json.length)],
    body: [json, ...items.slice(set, set + batchSize)],
  }));
}

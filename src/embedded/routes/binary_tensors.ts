import { isRecord, parseJsonObject } from "./http.ts";
import { RequestError } from "./request_error.ts";

/** Header that says how many bytes of a body are JSON; raw tensors follow. */
export const JSON_LENGTH_HEADER = "inference-header-content-length";

/** The tensors of a request in the Open Inference Protocol, with their bytes where they came raw. */
export interface InferRequest {
  /** The JSON part. */
  readonly json: Record<string, unknown>;
  /** Its inputs. */
  readonly inputs: readonly { readonly json: Record<string, unknown>; readonly raw: Uint8Array<ArrayBuffer> | null }[];
}

/**
 * Takes a body of the Open Inference Protocol apart, with or without Triton's binary tensor extension.
 *
 * @param body The body.
 * @param jsonLength Value of {@linkcode JSON_LENGTH_HEADER}, or `null` if the request has none.
 * @throws {RequestError} With 400 if it is malformed.
 */
export function parseInferRequest(body: Uint8Array<ArrayBuffer>, jsonLength: string | null): InferRequest {
  const length = jsonLength === null ? body.length : Number(jsonLength);
  if (!Number.isInteger(length) || length < 0 || length > body.length) {
    const range = `from 0 to ${body.length}`;
    throw new RequestError(400, `Cannot read the body as ${JSON_LENGTH_HEADER} must be ${range}: found ${jsonLength}`);
  }
  const json = parseJsonObject(body.subarray(0, length));
  if (!Array.isArray(json.inputs) || !json.inputs.every(isRecord)) {
    throw new RequestError(400, 'Cannot infer as "inputs" must be a list of tensors');
  }
  let offset = length;
  const inputs = json.inputs.map((tensor) => {
    const size = isRecord(tensor.parameters) ? tensor.parameters.binary_data_size : undefined;
    if (size === undefined) return { json: tensor, raw: null };
    if (typeof size !== "number" || !Number.isInteger(size) || size < 0 || offset + size > body.length) {
      const left = body.length - offset;
      throw new RequestError(400, `Cannot infer as "binary_data_size" must be from 0 to ${left}: found ${size}`);
    }
    const raw = body.slice(offset, offset + size);
    offset += size;
    return { json: tensor, raw };
  });
  if (offset !== body.length) {
    throw new RequestError(400, `Cannot infer as ${body.length - offset} bytes after the last tensor belong to none`);
  }
  return { json, inputs };
}

/**
 * Reads the elements of a raw BYTES tensor: each is a little-endian uint32 length and so many bytes of UTF-8.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { decodeTexts } from "./binary_tensors.ts";
 * assertEquals(decodeTexts(Uint8Array.of(2, 0, 0, 0, 104, 105, 0, 0, 0, 0)), ["hi", ""]);
 * ```
 *
 * @param raw The tensor's bytes.
 * @throws {RequestError} With 400 if a length does not fit.
 */
export function decodeTexts(raw: Uint8Array<ArrayBuffer>): string[] {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const decoder = new TextDecoder();
  const texts: string[] = [];
  for (let offset = 0; offset < raw.length;) {
    const end = offset + 4 <= raw.length ? offset + 4 + view.getUint32(offset, true) : Infinity;
    if (end > raw.length) throw new RequestError(400, "Cannot infer as a BYTES tensor ends inside an element");
    texts.push(decoder.decode(raw.subarray(offset + 4, end)));
    offset = end;
  }
  return texts;
}

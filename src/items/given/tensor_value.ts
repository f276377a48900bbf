import type { JsonValue } from "../../core/model_input.ts";

/** What stands for a tensor in JSON where its elements alone do not: bytes, or a flat list with its shape. */
export interface TensorValue {
  /** Bytes in base64: an element of BYTES, else the elements, little-endian. */
  readonly b64?: string;
  /** The elements, row-major, or `{"b64": ...}`, in which those of BYTES have their lengths in front. */
  readonly content?: JsonValue;
  /** Dimensions of one item. */
  readonly shape?: readonly JsonValue[];
}

/** Whether JSON is an object. */
export function isRecord(value: JsonValue): value is { readonly [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Whether JSON is bytes in base64.
 *
 * @param value The JSON.
 */
export function isBase64(value: JsonValue): value is { readonly b64: string } {
  return isRecord(value) && typeof value["b64"] === "string" && Object.keys(value).length === 1;
}

/**
 * What stands for a tensor in the form of perf_analyzer: `{"b64": ...}`, `{"content": ..., "shape": [...]}`.
 *
 * @param value The JSON.
 * @returns `null` if it is anything else.
 */
export function tensorValue(value: JsonValue): TensorValue | null {
  if (!isRecord(value) || Object.keys(value).some((key) => !["b64", "content", "shape"].includes(key))) return null;
  const { b64, content, shape } = value;
  const isKnown = typeof b64 === "string" || b64 === undefined && content !== undefined;
  return isKnown && (shape === undefined || Array.isArray(shape)) ? value as TensorValue : null;
}

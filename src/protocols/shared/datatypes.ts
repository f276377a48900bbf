import type { Datatype } from "../../core/model_input.ts";

/** Every element type once; a record, so that the compiler finds one that is missing. */
const DATATYPES: Readonly<Record<Datatype, true>> = {
  BOOL: true,
  INT8: true,
  INT16: true,
  INT32: true,
  INT64: true,
  UINT8: true,
  UINT16: true,
  UINT32: true,
  UINT64: true,
  FP16: true,
  BF16: true,
  FP32: true,
  FP64: true,
  BYTES: true,
};

/** Whether a value names an element type. */
export function isDatatype(value: unknown): value is Datatype {
  return typeof value === "string" && Object.hasOwn(DATATYPES, value);
}

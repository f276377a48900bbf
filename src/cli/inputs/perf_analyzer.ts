import { UsageError } from "../../core/errors.ts";
import type { JsonValue, TensorSpec } from "../../core/model_input.ts";
import { isBase64, isRecord } from "../../items/given/tensor_value.ts";

/**
 * The items of a document that NVIDIA's perf_analyzer reads: `{"data": [{NAME: value, ...}, ...]}`; of sequences, which are
 * lists of them, the steps in turn.
 *
 * @param document The JSON of a file.
 * @param inputs What the model takes, `null` if nobody knows.
 * @param note Is told what is passed over.
 * @returns `null` if it is no such document, but an item.
 * @throws {UsageError} If it has no items.
 */
export function perfAnalyzerItems(
  document: JsonValue,
  inputs: readonly TensorSpec[] | null,
  note: (text: string) => void = () => {},
): readonly JsonValue[] | null {
  if (!isRecord(document) || Object.keys(document).some((key) => key !== "data" && key !== "validation_data")) {
    return null;
  }
  const { data } = document;
  if (!Array.isArray(data)) return null;
  const names = inputs?.map(({ name }) => name) ?? [];
  const steps: readonly JsonValue[] = data.flatMap((entry) => entry);
  const isItem = names.includes("data") &&
    (steps.length === 0 || steps.every(isBase64) && !names.includes("b64"));
  if (isItem || !steps.every(isRecord)) return null;
  if (steps.length === 0) {
    throw new UsageError('Cannot read the items of a document with "data" as it must hold at least one: it is empty');
  }
  if (Object.hasOwn(document, "validation_data")) {
    note('The "validation_data" of the input data is passed over: what the model answers is not compared.');
  }
  return steps.map((step) =>
    Object.fromEntries(Object.entries(step).map(([name, value]) => [name, withLengths(value)]))
  );
}

/** Its bytes of BYTES have their lengths in front of them. */
function withLengths(value: JsonValue): JsonValue {
  if (isBase64(value)) return { content: value };
  if (!isRecord(value) || typeof value["b64"] !== "string") return value;
  const { b64, ...others } = value;
  return { content: { b64 }, ...others };
}

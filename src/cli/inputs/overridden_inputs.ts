import { UsageError } from "../../core/errors.ts";
import type { Datatype, InputSpec, TensorSpec } from "../../core/model_input.ts";
import { withOwnBatch } from "../../items/item_tensors.ts";
import type { InputOverrides } from "../options/input_overrides.ts";

/**
 * A model's inputs as the user wants them.
 *
 * @param known What is known of them, `null` if nothing.
 * @param overrides What the user says.
 * @throws {UsageError} If there is no such input, or its fixed dimensions are others.
 */
export function overriddenInputs(
  known: InputSpec | null,
  { shapes, datatypes }: InputOverrides,
): InputSpec | null {
  const names = [...new Set([...Object.keys(shapes), ...Object.keys(datatypes)])];
  if (names.length === 0) return known;
  if (known === null || known.kind !== "tensors") {
    return { kind: "tensors", tensors: names.map((name) => newInput(name, shapes[name], datatypes[name])) };
  }
  for (const name of names) {
    if (known.tensors.some((tensor) => tensor.name === name)) continue;
    const inputs = known.tensors.map((tensor) => tensor.name).join(", ");
    throw new UsageError(`Cannot set the model's input "${name}" as it must be one of ${inputs}`);
  }
  const tensors = known.tensors.map((tensor) => ({
    ...tensor,
    datatype: datatypes[tensor.name] ?? tensor.datatype,
    shape: shapes[tensor.name] === undefined ? tensor.shape : fitted(tensor, shapes[tensor.name]!),
  }));
  return { kind: "tensors", tensors };
}

/** Of a model that nobody describes: four dimensions with a 1 in front are an image with its batch dimension. */
function newInput(name: string, shape: readonly number[] | undefined, datatype: Datatype = "FP32"): TensorSpec {
  if (shape === undefined) {
    throw new UsageError(
      `Cannot make the model's input "${name}" as its shape must be known: the server does not say`,
      {
        hint: `Give --input-shape ${name}:N,N,...`,
      },
    );
  }
  return { name, datatype, shape: shape.length === 4 && shape[0] === 1 ? shape.slice(1) : shape };
}

/** The shape of one item, whether or not a batch dimension of 1 was written. */
function fitted(spec: TensorSpec, given: readonly number[]): readonly number[] {
  const { name, shape: known } = spec;
  const shape = withOwnBatch(given.length === known.length + 1 && given[0] === 1 ? given.slice(1) : given, spec);
  const fits = shape.length === known.length && shape.every((size, i) => known[i]! < 0 || known[i] === size);
  if (fits) return shape;
  const any = known.map((size) => size < 0 ? "any" : size).join(",");
  throw new UsageError(
    `Cannot set the shape of the model's input "${name}" as it must be [${any}]: found [${given}]`,
    given.length !== known.length + 1
      ? {}
      : { hint: "Where a model's first dimension is no batch, --unbatched sends shapes as they are." },
  );
}

import { UsageError } from "../../core/errors.ts";
import type { Datatype, InputSpec, TensorSpec } from "../../core/model_input.ts";
import { withOwnBatch } from "../../items/given/json_tensor.ts";
import { type InputOverrides, isEmpty } from "../options/input_overrides.ts";

/**
 * A model's inputs as the user wants them.
 *
 * @param known What is known of them, `null` if nothing.
 * @param overrides What the user says.
 * @param needsShapes Whether items are made, for which the shape of an input that nobody describes must be given.
 * @param takesTensors Whether a text is an element of BYTES.
 * @throws {UsageError} If there is no such input, or its fixed dimensions are others.
 */
export function overriddenInputs(
  known: InputSpec | null,
  overrides: InputOverrides,
  needsShapes = true,
  takesTensors = false,
): InputSpec | null {
  if (isEmpty(overrides)) return known;
  const { shapes, datatypes, omitted = [] } = overrides;
  const named = [...new Set([...Object.keys(shapes), ...Object.keys(datatypes)])];
  // A guess from the model's name is not the server's word: a shape that the user gives stands for the whole.
  const isReplaced = known?.kind === "tensors" && known.guessed === true && Object.keys(shapes).length > 0;
  if (known === null || known.kind !== "tensors" || isReplaced) {
    const usual = takesTensors && known?.kind === "text" ? "BYTES" : "FP32";
    return named.length === 0 ? known : {
      kind: "tensors",
      tensors: named.map((name) =>
        newInput(name, shapes[name] ?? (needsShapes ? undefined : []), datatypes[name] ?? usual)
      ),
    };
  }
  for (const name of [...named, ...omitted]) {
    if (known.tensors.some((tensor) => tensor.name === name)) continue;
    const inputs = known.tensors.map((tensor) => tensor.name).join(", ");
    throw new UsageError(`Cannot set the model's input "${name}" as it must be one of ${inputs}`);
  }
  const kept = known.tensors.filter(({ name }) => !omitted.includes(name));
  if (kept.length === 0) throw new UsageError("Cannot leave inputs out as the model must be sent one: none is left");
  const tensors = kept.map((tensor) => ({
    ...tensor,
    datatype: datatypes[tensor.name] ?? tensor.datatype,
    shape: shapes[tensor.name] === undefined ? tensor.shape : fitted(tensor, shapes[tensor.name]!),
  }));
  return { kind: "tensors", tensors };
}

/**
 * The shape of one item of an input of which nobody says the dimensions: of four with a 1 in front that is the batch of an
 * image.
 *
 * @param given What the user gave.
 */
export function itemShape(given: readonly number[]): readonly number[] {
  return given.length === 4 && given[0] === 1 ? given.slice(1) : given;
}

function newInput(name: string, shape: readonly number[] | undefined, datatype: Datatype): TensorSpec {
  if (shape === undefined) {
    throw new UsageError(
      `Cannot make the model's input "${name}" as its shape must be known: the server does not say`,
      {
        hint: `Give --input-shape ${name}:N,N,...`,
      },
    );
  }
  return { name, datatype, shape: itemShape(shape) };
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

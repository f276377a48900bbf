import { UsageError } from "../../core/errors.ts";
import type { Datatype, InputSpec, TensorSpec } from "../../core/model_input.ts";
import { isDatatype } from "../../protocols/shared/datatypes.ts";
import type { GivenOptions } from "../options/given_options.ts";

/** What the user says of a model's inputs, by their names. */
export interface InputOverrides {
  /** Dimensions. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /** Element types. */
  readonly datatypes: Readonly<Record<string, Datatype>>;
}

/**
 * Reads `--input-shape NAME:1,3,224,224` and `--input-datatype NAME:FP32`.
 *
 * @param given The options.
 * @throws {UsageError} If one is written otherwise, or names an input twice.
 */
export function readInputOverrides(given: GivenOptions): InputOverrides {
  return {
    shapes: byName(given, "input-shape", "dimensions, as in input:1,3,224,224", (text) => {
      const shape = text.split(",").map(Number);
      return shape.every((size) => Number.isInteger(size) && size > 0 && size < 2 ** 31) ? shape : null;
    }),
    datatypes: byName(given, "input-datatype", "an element type, as in input:FP32", (text) => {
      const datatype = text.toUpperCase();
      return isDatatype(datatype) ? datatype : null;
    }),
  };
}

function byName<T>(
  given: GivenOptions,
  option: "input-shape" | "input-datatype",
  required: string,
  read: (text: string) => T | null,
): Record<string, T> {
  const found: Record<string, T> = {};
  for (const text of given.texts(option)) {
    // A name may hold colons itself.
    const colon = text.lastIndexOf(":");
    const value = colon < 1 ? null : read(text.slice(colon + 1).trim());
    if (value === null) {
      throw new UsageError(
        `Cannot read the command line as "--${option}" must be an input's name, a colon and ${required}: ` +
          `current value is "${text}"`,
      );
    }
    const name = text.slice(0, colon).trim();
    if (Object.hasOwn(found, name)) {
      throw new UsageError(`Cannot read the command line as "--${option}" must be given once for "${name}"`);
    }
    found[name] = value;
  }
  return found;
}

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
    name: tensor.name,
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
function fitted({ name, shape: known }: TensorSpec, given: readonly number[]): readonly number[] {
  const shape = given.length === known.length + 1 && given[0] === 1 ? given.slice(1) : given;
  const fits = shape.length === known.length && shape.every((size, i) => known[i]! < 0 || known[i] === size);
  if (fits) return shape;
  const any = known.map((size) => size < 0 ? "any" : size).join(",");
  throw new UsageError(`Cannot set the shape of the model's input "${name}" as it must be [${any}]: found [${given}]`);
}

import { UsageError } from "../../core/errors.ts";
import type { Datatype } from "../../core/model_input.ts";
import { isDatatype } from "../../protocols/shared/datatypes.ts";
import type { GivenOptions } from "./given_options.ts";

/** What the user says of a model's inputs, by their names. */
export interface InputOverrides {
  /** Dimensions. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /** Element types. */
  readonly datatypes: Readonly<Record<string, Datatype>>;
  /** Inputs that are not sent; left out where all are. */
  readonly omitted?: readonly string[];
}

/**
 * Whether the user says nothing of a model's inputs.
 *
 * @param overrides What the user says.
 */
export function isEmpty({ shapes, datatypes, omitted = [] }: InputOverrides): boolean {
  return Object.keys(shapes).length + Object.keys(datatypes).length + omitted.length === 0;
}

/**
 * Reads `--input-shape NAME:1,3,224,224`, `--input-datatype NAME:FP32` and `--omit-input NAME`.
 *
 * @param given The options.
 * @throws {UsageError} If one is written otherwise, or names an input twice.
 */
export function readInputOverrides(given: GivenOptions): InputOverrides {
  const omitted = given.texts("omit-input").map((name) => name.trim());
  return {
    ...omitted.length > 0 && { omitted },
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

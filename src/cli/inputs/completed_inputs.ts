import type { InputSpec, PartialInput } from "../../core/model_input.ts";
import { isWholeInput } from "../../protocols/shared/unknown_input_error.ts";
import type { InputOverrides } from "../options/input_overrides.ts";
import { itemShape } from "./overridden_inputs.ts";

/**
 * The inputs of a model of which the server says only a part, where the user says the rest.
 *
 * @param told What the server says of all of them.
 * @param overrides What the user says. Inputs that are left out need not be known.
 * @param shapeOfItems Stands for a shape that neither says, where given items have their own. @default {null}
 * @returns `null` where the two do not say all, or the user names an input that the server does not.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const told = [{ name: "x", datatype: null, shape: [4] }];
 * assertEquals(completedInputs(told, { shapes: {}, datatypes: { x: "FP16" } }), {
 *   kind: "tensors",
 *   tensors: [{ name: "x", datatype: "FP16", shape: [4] }],
 * });
 * assertEquals(completedInputs(told, { shapes: { x: [4] }, datatypes: {} }), null);
 * ```
 */
export function completedInputs(
  told: readonly PartialInput[],
  overrides: InputOverrides,
  shapeOfItems: readonly number[] | null = null,
): InputSpec | null {
  const { shapes, datatypes, omitted = [] } = overrides;
  if (told.length === 0 || namesAnother(told, overrides)) return null;
  const tensors = told.map((input) => {
    const { name } = input;
    const given = shapes[name] === undefined ? null : itemShape(shapes[name]);
    // Nothing is sent of one that is left out.
    const [anyType, anyShape] = omitted.includes(name) ? ["FP32", []] as const : [null, null];
    return {
      ...input,
      datatype: datatypes[name] ?? input.datatype ?? anyType,
      shape: input.shape ?? given ?? anyShape ?? shapeOfItems,
    };
  });
  return tensors.every(isWholeInput) ? { kind: "tensors", tensors } : null;
}

/**
 * Whether the user names an input that the server does not.
 *
 * @param told What the server says of its inputs.
 * @param overrides What the user says of them.
 */
export function namesAnother(
  told: readonly Pick<PartialInput, "name">[],
  { shapes, datatypes, omitted = [] }: InputOverrides,
): boolean {
  const named = [...Object.keys(shapes), ...Object.keys(datatypes), ...omitted];
  return named.some((name) => told.every((input) => input.name !== name));
}

import type { FitInputs } from "../../protocols/connect.ts";
import type { RunCommand } from "../options/command_line.ts";
import { type InputOverrides, isEmpty } from "../options/input_overrides.ts";
import { fitInputs } from "./fit_inputs.ts";
import { readInputData } from "./input_data.ts";
import type { RawSample } from "./raw_sample.ts";

/**
 * The items that a command gives: what its files hold, fitted to the model once that is known.
 *
 * @param command The command.
 * @param note Is told once what is passed over.
 * @returns `undefined` where it says nothing of items: they are made from the model's description.
 * @throws {UsageError} If a file cannot be read. What does not fit the model is refused when it is known.
 */
export async function givenInputs(
  { inputData, inputOverrides }: Pick<RunCommand, "inputData" | "inputOverrides">,
  note: (text: string) => void = () => {},
): Promise<FitInputs | undefined> {
  return inputsOf(inputData === null ? null : await readInputData(inputData), inputOverrides, note);
}

/**
 * The items that a command gives, once its files were read.
 *
 * @param raw What they hold; `null` where it names none.
 * @param inputOverrides Shapes and element types that it gives.
 * @param note Is told once what is passed over.
 * @returns `undefined` where it says nothing of items.
 */
export function inputsOf(
  raw: readonly RawSample[] | null,
  inputOverrides: InputOverrides,
  note: (text: string) => void = () => {},
): FitInputs | undefined {
  if (raw === null && isEmpty(inputOverrides)) return undefined;
  const said = new Set<string>();
  const once = (text: string) => {
    if (!said.has(text)) note(text);
    said.add(text);
  };
  return (known, protocol, told) => fitInputs(raw, inputOverrides, known, protocol, once, told);
}

import { UsageError } from "../../core/errors.ts";
import type { ModelInput, Tensor, TensorSpec } from "../../core/model_input.ts";
import { elementsTensor } from "../../items/given/bytes_tensor.ts";
import { jsonTensor } from "../../items/given/json_tensor.ts";
import { parseExactly } from "../../items/exact/exact_json.ts";
import { fitArray } from "./fit_array.ts";
import { fitFile } from "./fit_file.ts";
import { readNpy } from "./npy.ts";
import { writtenJson } from "./written_json.ts";
import { endingOf, type RawFile, type RawSample } from "./raw_sample.ts";

/** A file of one of the model's inputs. */
interface Found {
  readonly input: TensorSpec;
  readonly file: RawFile;
}

/**
 * The items of a folder that holds a file for each of a model's inputs, named like it, with or without an ending: raw
 * elements as perf_analyzer has them, arrays of NumPy with one item or several, JSON, an image, for BYTES a text of a line an
 * element.
 *
 * @param folder The folder.
 * @param inputs What the model takes.
 * @param note Is told which files are passed over.
 * @returns `null` if its files are items of their own.
 * @throws {UsageError} If an input has no file, or a file cannot be that input.
 */
export async function folderItems(
  { files, path }: RawSample & { readonly kind: "folder" },
  inputs: readonly TensorSpec[],
  note: (text: string) => void = () => {},
): Promise<readonly ModelInput[] | null> {
  const isInput = (file: RawFile) => inputs.some(({ name }) => name === file.name);
  const fileOf = ({ name }: TensorSpec) =>
    files.find((file) => file.name === name) ??
      files.find((file) => !isInput(file) && withoutEnding(file.name) === name);
  const found = inputs.flatMap((input) => {
    const file = fileOf(input);
    return file === undefined ? [] : [{ input, file }];
  });
  if (!isByInput(inputs, found, files)) return null;
  const lacking = inputs.find((input) => !input.optional && fileOf(input) === undefined);
  if (lacking !== undefined) {
    throw new UsageError(
      `Cannot send the files of "${path}" as each of the model's inputs must have one, named like it: there is none ` +
        `for "${lacking.name}"`,
    );
  }
  const others = files.filter((file) => found.every((each) => each.file !== file)).map(({ name }) => name);
  if (others.length > 0) note(`Of "${path}" are passed over, as no input has their names: ${others.join(", ")}.`);
  const columns: (readonly Tensor[])[] = [];
  for (const each of found) columns.push(await tensorsOf(each));
  const counts = columns.map((tensors) => tensors.length);
  if (counts.some((count) => count !== counts[0])) {
    const said = found.map(({ file }, i) => `${file.name} ${counts[i]}`).join(", ");
    throw new UsageError(`Cannot send the files of "${path}" as all must hold as many items: found in ${said}`);
  }
  return columns[0]!.map((_, i) => ({ kind: "tensors", tensors: columns.map((tensors) => tensors[i]!) }));
}

/** Of a model with one input an image that is called like it is an item as its neighbours are. */
function isByInput(inputs: readonly TensorSpec[], found: readonly Found[], files: readonly RawFile[]): boolean {
  if (found.length === 0) return false;
  const required = inputs.filter(({ optional }) => !optional);
  if (found.length >= Math.max(required.length, 2)) return true;
  const holdItems = files.every(({ name }) => ["json", "jsonl"].includes(endingOf(name)));
  return required.length > 1 ? !holdItems : files.length === 1 && !holdItems || endingBehind(found[0]!) === "";
}

function withoutEnding(name: string): string {
  return name.replace(/(?<=.)\.[^.]+$/, "");
}

/** What stands behind the input's name, which may have points itself. */
function endingBehind({ input, file }: Found): string {
  return file.name === input.name ? "" : endingOf(file.name);
}

async function tensorsOf(found: Found): Promise<readonly Tensor[]> {
  const { input, file: { bytes, path } } = found;
  const ending = endingBehind(found);
  if (ending === "npy") return fitArray(readNpy(bytes, path), input, path);
  if (ending === "json") {
    const text = new TextDecoder().decode(bytes);
    return [jsonTensor(input, parsed(text, path), writtenJson(text) !== undefined)];
  }
  const lines = input.datatype === "BYTES" && ["", "txt"].includes(ending) ? linesOf(bytes) : null;
  if (lines !== null) return [elementsTensor(input, lines)];
  const contentType = ["png", "jpg", "jpeg"].includes(ending) ? "image/" : "application/octet-stream";
  return [await fitFile({ kind: "file", bytes, contentType, path }, input, true, ending)];
}

function parsed(text: string, path: string) {
  try {
    return parseExactly(text);
  } catch (error) {
    throw new UsageError(`Cannot read the input of "${path}" as it must be JSON: ${(error as Error).message}`);
  }
}

/** The lines of a text, `null` if the bytes are none. */
function linesOf(bytes: Uint8Array): readonly string[] | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.replace(/\r?\n$/, "").split(/\r?\n/);
  } catch {
    return null;
  }
}

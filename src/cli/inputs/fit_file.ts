import { UsageError } from "../../core/errors.ts";
import { naming, option } from "../../core/option_words.ts";
import type { Tensor, TensorSpec } from "../../core/model_input.ts";
import { bytesTensor, takesFiles } from "../../items/given/bytes_tensor.ts";
import { imageTensor } from "./image_tensor.ts";
import { endingOf, type RawSample } from "./raw_sample.ts";

/** Endings of files that hold the elements of a tensor as they stand in memory. */
const RAW_ENDINGS = ["", "bin", "raw", "dat"];

/**
 * A file as a model's input: its bytes where the input is BYTES or takes a row of bytes, an image decoded, else the elements
 * as they stand in memory.
 *
 * @param file The file.
 * @param spec The input, `null` if nobody knows it.
 * @param takesTensors Whether the server takes tensors with names, and bytes in them.
 * @param ending The file's ending.
 * @throws {UsageError} If it cannot be that input.
 */
export async function fitFile(
  { bytes, contentType, path }: RawSample & { readonly kind: "file" },
  spec: TensorSpec | null,
  takesTensors: boolean,
  ending: string = endingOf(path),
): Promise<Tensor> {
  if (takesTensors && spec !== null && takesFiles(spec)) return bytesTensor(spec, bytes);
  if (contentType.startsWith("image/")) {
    return await imageTensor(bytes, spec ?? { name: "input", datatype: "FP32", shape: [3, -1, -1] }, path);
  }
  if (!takesTensors) {
    throw new UsageError(`Cannot send "${path}" as the server must take bytes as they are: its protocol does not`);
  }
  if (spec === null) {
    throw new UsageError(`Cannot send "${path}" as the model's input must be known: the server does not say it`, {
      hint: naming`Give it with ${option("inputs.tensors", "NAME:1")} and --input-datatype NAME:BYTES.`,
    });
  }
  if (RAW_ENDINGS.includes(ending)) return bytesTensor(spec, bytes);
  throw new UsageError(
    `Cannot send "${path}" as the model's input "${spec.name}" must be BYTES, or UINT8 of one open dimension: it is ` +
      `${spec.datatype} [${spec.shape}]`,
    { hint: "A file of elements as they stand in memory ends in .bin." },
  );
}

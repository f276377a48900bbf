import { UsageError } from "../core/errors.ts";
import type { MarkedBytes } from "../core/marker.ts";
import type { ModelInput, Tensor, Variation } from "../core/model_input.ts";
import { JsonBytes } from "./json_bytes.ts";
import { JsonElements } from "./json_elements.ts";
import { jsonText } from "./exact/json_text.ts";
import { writePrompt } from "./prompts/write_prompt.ts";
import { placesOfText } from "./text_marker.ts";

/**
 * One item as a JSON value in UTF-8: a text is a string, a tensor a nested list by its shape, several tensors an object by
 * their names. It begins with a comma, so that a list is its items one behind the other without the first comma.
 *
 * @param input The item.
 * @throws {UsageError} If it holds a number that JSON cannot.
 */
export function jsonItem(input: ModelInput): MarkedBytes {
  const out = new JsonBytes();
  out.text(",");
  writeItem(out, input);
  return out.written();
}

/**
 * The elements of a tensor as JSON, without brackets, each behind a comma; empty where there is none.
 *
 * @param tensor The tensor.
 * @throws {UsageError} If it holds a number that JSON cannot.
 */
export function jsonElements(tensor: Tensor): MarkedBytes {
  const out = new JsonBytes();
  if (tensor.data.length === 0) return out.written();
  out.text(",");
  new JsonElements(out, tensor).write(tensor.data.length);
  return out.written();
}

function writeItem(out: JsonBytes, input: ModelInput): void {
  switch (input.kind) {
    case "text":
      return writeText(out, input.text, input.variation);
    case "prompt":
      return writePrompt(out, input);
    case "json":
      return out.text(input.written ?? jsonText(input.value));
    case "bytes":
      throw new UsageError(
        `Cannot encode an item as JSON as it must be a text, numbers or JSON: it is ${input.contentType} of ` +
          `${input.bytes.length} bytes`,
      );
    case "tensors": {
      const [only, ...more] = input.tensors;
      if (only !== undefined && more.length === 0) return writeNested(out, only);
      for (const [i, tensor] of input.tensors.entries()) {
        out.text(`${i === 0 ? "{" : ","}${JSON.stringify(tensor.name)}:`);
        writeNested(out, tensor);
      }
      return out.text(input.tensors.length === 0 ? "{}" : "}");
    }
  }
}

function writeText(out: JsonBytes, text: string, variation: Variation | undefined): void {
  const start = out.length + '"'.length;
  out.text(JSON.stringify(text));
  if (variation === undefined) return;
  out.mark(placesOfText(variation, start, out.length - '"'.length));
}

/** The elements as lists within lists. */
function writeNested(out: JsonBytes, tensor: Tensor): void {
  const { name, shape, data } = tensor;
  const count = shape.reduce((product, size) => product * size, 1);
  if (count !== data.length) {
    throw new UsageError(
      `Cannot encode the input "${name}" as its shape [${shape}] must hold all its elements: found ${data.length}`,
    );
  }
  const elements = new JsonElements(out, tensor);
  const write = (dimension: number): void => {
    if (dimension === shape.length) return elements.write(1);
    const size = shape[dimension]!;
    out.text("[");
    if (dimension === shape.length - 1) elements.write(size);
    else {
      for (let i = 0; i < size; i++) {
        if (i > 0) out.text(",");
        write(dimension + 1);
      }
    }
    out.text("]");
  };
  write(0);
}

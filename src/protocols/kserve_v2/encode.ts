import { concatenate } from "../../core/concatenate.ts";
import { UsageError } from "../../core/errors.ts";
import { naming, option } from "../../core/option_words.ts";
import type { ModelInput, Tensor } from "../../core/model_input.ts";
import type { EncodeOptions } from "../../core/protocol.ts";
import type { WireRequest } from "../../core/transport.ts";
import { jsonElements } from "../shared/json_items.ts";
import { itemTensors } from "./item_tensors.ts";
import type { ModelMetadata } from "./metadata.ts";
import { rawTensor } from "./raw_tensor.ts";

/** Header that says how many bytes of a body are JSON; raw tensors follow. */
export const JSON_LENGTH_HEADER = "inference-header-content-length";

/** Turns batches for one model into requests. */
export type Encoder = (inputs: readonly ModelInput[], options?: EncodeOptions) => WireRequest;

/** One tensor of one item with its elements as they go into the body. */
interface EncodedTensor extends Pick<Tensor, "name" | "datatype" | "shape"> {
  readonly bytes: Uint8Array;
}

const utf8 = new TextEncoder();
const JSON_HEADERS: readonly string[] = ["content-type", "application/json"];

/**
 * An encoder for one model. Each item's elements are encoded once; batches are put together by copying.
 *
 * @param model Name that goes into the path.
 * @param known The model's metadata, `null` if it was not asked for: then it is taken to accept batches.
 * @param binary Whether the server takes raw tensors (Triton's extension) instead of JSON.
 */
export function createEncoder(model: string, known: ModelMetadata | null, binary: boolean): Encoder {
  const path = `/v2/models/${encodeURIComponent(model)}/infer`;
  const cache = new WeakMap<ModelInput, readonly EncodedTensor[]>();
  const encoded = (input: ModelInput) => {
    let tensors = cache.get(input);
    if (tensors === undefined) {
      tensors = itemTensors(input, known).map((tensor) => ({
        name: tensor.name,
        datatype: tensor.datatype,
        shape: tensor.shape,
        bytes: binary ? rawTensor(tensor) : utf8.encode(jsonElements(tensor)),
      }));
      cache.set(input, tensors);
    }
    return tensors;
  };
  return (inputs, options = {}) => {
    const columns = columnsOf(model, inputs.map(encoded), known?.batched ?? true);
    return binary
      ? { method: "POST", path, ...binaryBody(columns, known?.outputs ?? null, options) }
      : { method: "POST", path, headers: JSON_HEADERS, body: jsonBody(columns, options) };
  };
}

/** One input of the model over the whole batch. */
interface Column extends Pick<Tensor, "name" | "datatype" | "shape"> {
  readonly parts: readonly Uint8Array[];
}

function columnsOf(model: string, items: readonly (readonly EncodedTensor[])[], batched: boolean): Column[] {
  const [first] = items;
  if (first === undefined) throw new UsageError("Cannot encode a request as it must hold an item: found none");
  if (!batched && items.length > 1) {
    throw new UsageError(
      `Cannot encode a batch of ${items.length} as the model "${model}" must have a batch dimension: it has none`,
      { hint: naming`Use ${option("batchSize", 1)}.` },
    );
  }
  return first.map(({ name, datatype, shape }, i) => {
    const parts = items.map((item) => {
      const tensor = item[i];
      if (tensor?.name !== name || String(tensor.shape) !== String(shape)) {
        throw new UsageError(
          `Cannot encode a batch as all its items must have "${name}" of one shape: ` +
            `found [${shape}] and ${tensor?.name === name ? `[${tensor.shape}]` : "none"}`,
        );
      }
      return tensor.bytes;
    });
    return { name, datatype, shape: batched ? [items.length, ...shape] : shape, parts };
  });
}

function jsonBody(columns: readonly Column[], { priority }: EncodeOptions): Uint8Array<ArrayBuffer> {
  const pieces: Uint8Array[] = [];
  columns.forEach(({ parts, ...tensor }, i) => {
    const head = JSON.stringify(tensor).slice(0, -1);
    pieces.push(utf8.encode(`${i === 0 ? '{"inputs":[' : ","}${head},"data":[`));
    parts.forEach((part, item) => pieces.push(...item === 0 ? [part] : [COMMA, part]));
    pieces.push(CLOSE);
  });
  pieces.push(utf8.encode(priority === undefined ? "]}" : `],"parameters":${JSON.stringify({ priority })}}`));
  return concatenate(pieces);
}

const COMMA = utf8.encode(",");
const CLOSE = utf8.encode("]}");

function binaryBody(
  columns: readonly Column[],
  outputs: readonly string[] | null,
  { priority }: EncodeOptions,
): Pick<WireRequest, "headers" | "body"> {
  const inputs = columns.map(({ parts, ...tensor }) => ({
    ...tensor,
    parameters: { binary_data_size: parts.reduce((sum, part) => sum + part.length, 0) },
  }));
  const parameters = {
    ...priority !== undefined && { priority },
    ...outputs === null && { binary_data_output: true },
  };
  const json = utf8.encode(JSON.stringify({
    inputs,
    ...outputs !== null && { outputs: outputs.map((name) => ({ name, parameters: { binary_data: true } })) },
    ...Object.keys(parameters).length > 0 && { parameters },
  }));
  return {
    headers: ["content-type", "application/octet-stream", JSON_LENGTH_HEADER, String(json.length)],
    body: concatenate([json, ...columns.flatMap(({ parts }) => parts)]),
  };
}

import { UsageError } from "../../core/errors.ts";
import type { MarkedBytes } from "../../core/marker.ts";
import { naming, option } from "../../core/option_words.ts";
import type { ItemForm, JsonValue, ModelInput, Tensor } from "../../core/model_input.ts";
import type { EncodedRequest, EncodeOptions } from "../../core/protocol.ts";
import { sequenceParameters } from "../../core/request/sequence.ts";
import { percentEncoded } from "../../core/untrusted/percent.ts";
import { BodyParts } from "../../items/body_parts.ts";
import { jsonText } from "../../items/exact/json_text.ts";
import { encodedItem, type EncodedTensor } from "../../items/encoded_item.ts";
import type { ModelMetadata } from "./metadata.ts";

/** Header that says how many bytes of a body are JSON; raw tensors follow. */
export const JSON_LENGTH_HEADER = "inference-header-content-length";

/** What is known of a model; of one that was not described that it takes batches, or not. */
type Described = Pick<ModelMetadata, "batched"> & Partial<Pick<ModelMetadata, "inputs" | "outputs">>;

/** Turns batches for one model into requests. */
export interface Encoder {
  /** How items become bytes. */
  readonly form: ItemForm;
  /** Encodes one batch. */
  encode(inputs: readonly ModelInput[], options?: EncodeOptions): EncodedRequest;
}

type JsonObject = { readonly [key: string]: JsonValue };

const JSON_HEADERS: readonly string[] = ["content-type", "application/json"];

/**
 * An encoder for one model. Each item's elements are encoded once; batches share them.
 *
 * @param model Name that goes into the path.
 * @param known What is known of the model: at least whether it takes batches.
 * @param binary Whether the server takes raw tensors (Triton's extension) instead of JSON.
 */
export function createEncoder(model: string, known: Described, binary: boolean): Encoder {
  const path = `/v2/models/${percentEncoded(model)}/infer`;
  const form = { kind: "tensors", raw: binary, inputs: known.inputs ?? null } as const;
  return {
    form,
    encode(inputs, options = {}) {
      const columns = columnsOf(model, inputs.map((input) => encodedItem(form, input)), known.batched);
      return binary
        ? { method: "POST", path, ...binaryBody(columns, known.outputs ?? null, options) }
        : { method: "POST", path, headers: JSON_HEADERS, ...jsonBody(columns, options) };
    },
  };
}

/** One input of the model over the whole batch. */
interface Column extends Pick<Tensor, "name" | "datatype" | "shape"> {
  readonly parts: readonly MarkedBytes[];
}

function columnsOf(model: string, items: readonly (readonly EncodedTensor[])[], batched: boolean): Column[] {
  const [first] = items;
  if (first === undefined) throw new UsageError("Cannot encode a request as it must hold an item: found none");
  if (!batched && items.length > 1) {
    throw new UsageError(
      `Cannot encode a batch of ${items.length} as the model "${model}" must have a batch dimension: it has none`,
      { hint: naming`Use ${option("batchSize", 1)}, or ${option("batched: true")} where it has one.` },
    );
  }
  const odd = items.find((item) => item.length !== first.length);
  if (odd !== undefined) {
    throw new UsageError(
      `Cannot encode a batch as all its items must have the same inputs: found ${namesOf(first)} and ${namesOf(odd)}`,
    );
  }
  return first.map(({ name, datatype, shape }, i) => {
    const parts = items.map((item) => {
      const tensor = item[i];
      if (tensor?.name !== name || String(tensor.shape) !== String(shape)) {
        throw new UsageError(
          `Cannot encode a batch as all its items must have "${name}" of one shape: ` +
            `found [${shape}] and ${tensor?.name === name ? `[${tensor.shape}]` : "none"}`,
          { hint: naming`Use ${option("batchSize", 1)}, or give items of one shape.` },
        );
      }
      return tensor;
    });
    return { name, datatype, shape: batched ? [items.length, ...shape] : shape, parts };
  });
}

function namesOf(item: readonly EncodedTensor[]): string {
  return item.length === 0 ? "none" : item.map(({ name }) => name).join(", ");
}

function jsonBody(columns: readonly Column[], options: EncodeOptions) {
  const { text, sequence } = parametersBody(options, {});
  const body = new BodyParts().text(`{${text}"inputs":[`);
  columns.forEach(({ parts, ...tensor }, i) => {
    const head = JSON.stringify(tensor).slice(0, -1);
    body.text(`${i === 0 ? "" : ","}${head},"data":[`).list(parts).text("]}");
  });
  return { ...body.text("]}").encoded(), ...sequence };
}

/**
 * The parameters of a request at the begin of its body, behind the brace: the step in a sequence stands in the first part.
 */
function parametersBody({ priority, parameters, sequence }: EncodeOptions, own: JsonObject) {
  const plain = { ...parameters, ...priority !== undefined && { priority }, ...own };
  const rest = jsonText(plain).slice(1, -1);
  if (sequence === undefined) return { text: rest === "" ? "" : `"parameters":{${rest}},` };
  const before = '"parameters":{';
  const { text, places } = sequenceParameters(sequence, `{${before}`.length);
  return { text: `${before}${text}${rest === "" ? "" : `,${rest}`}},`, sequence: { sequence: places } };
}

function binaryBody(
  columns: readonly Column[],
  outputs: readonly string[] | null,
  options: EncodeOptions,
): Pick<EncodedRequest, "headers" | "body" | "markers" | "sequence"> {
  const inputs = columns.map(({ parts, ...tensor }) => ({
    ...tensor,
    parameters: { binary_data_size: parts.reduce((sum, { bytes }) => sum + bytes.length, 0) },
  }));
  const { text, sequence } = parametersBody(options, outputs === null ? { binary_data_output: true } : {});
  const rest = JSON.stringify({
    inputs,
    ...outputs !== null && { outputs: outputs.map((name) => ({ name, parameters: { binary_data: true } })) },
  });
  const json = `{${text}${rest.slice(1)}`;
  const body = new BodyParts().text(json);
  for (const { parts } of columns) for (const [item, part] of parts.entries()) body.bytes(part, item);
  const jsonBytes = new TextEncoder().encode(json).length;
  return {
    headers: ["content-type", "application/octet-stream", JSON_LENGTH_HEADER, String(jsonBytes)],
    ...body.encoded(),
    ...sequence,
  };
}

import { UsageError } from "../../core/errors.ts";
import type { ModelInput } from "../../core/model_input.ts";
import type { EncodedRequest } from "../../core/protocol.ts";
import { percentEncoded } from "../../core/untrusted/percent.ts";
import { BodyParts } from "../../items/body_parts.ts";
import { encodedItem } from "../../items/encoded_item.ts";
import { plainText } from "../../items/text_marker.ts";
import { JSON_ITEMS } from "../shared/json_form.ts";

const JSON_HEADERS: readonly string[] = ["content-type", "application/json"];
const TEXT_HEADERS: readonly string[] = ["content-type", "text/plain; charset=utf-8"];

/**
 * `POST /predictions/{model}` with one item as its body: numbers and JSON as JSON, a text as plain text, bytes as they
 * are. TorchServe gives the handler what the content type says.
 *
 * @param model Name of the model.
 * @param inputs One item: TorchServe makes batches by itself.
 * @throws {UsageError} If there is not exactly one.
 */
export function encodePrediction(model: string, inputs: readonly ModelInput[]): EncodedRequest {
  const [input, ...more] = inputs;
  if (input === undefined || more.length > 0) {
    throw new UsageError(
      `Cannot encode a request as TorchServe takes one item in each: found ${inputs.length}`,
      { hint: "It makes batches by itself: the throughput test has it make batches of each size." },
    );
  }
  const path = predictionPath(model);
  switch (input.kind) {
    case "bytes": {
      const { body } = new BodyParts().bytes(input).encoded();
      return { method: "POST", path, headers: ["content-type", input.contentType], body };
    }
    case "text":
      return { method: "POST", path, headers: TEXT_HEADERS, ...new BodyParts().bytes(plainText(input)).encoded() };
    default: {
      const body = new BodyParts().list([encodedItem(JSON_ITEMS, input)]);
      return { method: "POST", path, headers: JSON_HEADERS, ...body.encoded() };
    }
  }
}

/** Path of a model's predictions. */
export function predictionPath(model: string): string {
  return `/predictions/${percentEncoded(model)}`;
}

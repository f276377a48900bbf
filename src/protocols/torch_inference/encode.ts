import { UsageError } from "../../core/errors.ts";
import type { ModelInput } from "../../core/model_input.ts";
import type { EncodedRequest, EncodeOptions } from "../../core/protocol.ts";
import { percentEncoded } from "../../core/untrusted/percent.ts";
import { BodyParts } from "../../items/body_parts.ts";
import { encodedItem } from "../../items/encoded_item.ts";
import { JSON_ITEMS } from "../shared/json_form.ts";

/**
 * How one item alone is sent: as it is, or as a list of one.
 *
 * The contract says that one image is a nested `[C][H][W]` list, and also that a list longer than 1 is a batch. A server
 * that takes both to the letter sees one image of 3 channels as a batch of 3; a list of one says the same to every server
 * that counts list entries.
 */
export type SingleForm = "bare" | "wrapped";

/** The same array for every request, so that a lane prepares it once. */
const HEADERS: readonly string[] = ["content-type", "application/json", "accept", "application/json"];

/**
 * Encodes a prediction request: `{"inputs": ..., "priority": ...}`.
 *
 * @param model Name that goes into the path.
 * @param inputs Items; several are a list, one alone is sent as `form` says.
 * @param form How one item alone is sent.
 * @throws {UsageError} If there is no item.
 */
export function encodePrediction(
  model: string,
  inputs: readonly ModelInput[],
  form: SingleForm,
  options: EncodeOptions = {},
): EncodedRequest {
  if (inputs.length === 0) throw new UsageError("Cannot encode a request as it must hold an item: found none");
  const after = options.priority === undefined ? "}" : `,"priority":${JSON.stringify(options.priority)}}`;
  const bare = inputs.length === 1 && form === "bare";
  const body = new BodyParts().text(bare ? '{"inputs":' : '{"inputs":[')
    .list(inputs.map((input) => encodedItem(JSON_ITEMS, input)))
    .text(bare ? after : `]${after}`);
  return { method: "POST", path: predictPath(model), headers: HEADERS, ...body.encoded() };
}

/** Path of a model's predictions. */
export function predictPath(model: string): string {
  return `/${percentEncoded(model)}/predict`;
}

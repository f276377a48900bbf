import type { StreamEvent } from "../../core/stream/stream_event.ts";
import { isError } from "../shared/server_answer.ts";
import { jsonEvent } from "../streams/json_event.ts";

/**
 * Reads an event of Triton's `generate_stream`: outputs by their names, or an error. Where there is a text, `text_output` before
 * any other, it alone tells whether something is added. It counts no tokens, and does not say when an answer is over.
 *
 * @param data What it holds.
 * @throws {SyntaxError} If it is no JSON object.
 */
export function readTritonEvent(data: string): StreamEvent {
  const value = jsonEvent(data);
  const { error, model_name: _name, model_version: _version, ...outputs } = value;
  if (isError(error)) {
    return { adds: "nothing", error: typeof error === "string" ? error : JSON.stringify(error) };
  }
  // TensorRT-LLM and vLLM send numbers and reasons beside a text, also where it is empty: they are no part of the answer.
  const said = "text_output" in outputs ? [outputs["text_output"]] : Object.values(outputs);
  const texts = said.flat().filter((output) => typeof output === "string");
  const text = texts.join("");
  const adds = texts.length > 0 ? text !== "" : said.some((output) => Array.isArray(output) && output.length > 0);
  return { adds: adds ? "content" : "nothing", ...text !== "" && { text } };
}

import type { StreamEvent } from "../../core/stream/stream_event.ts";
import { jsonEvent } from "../streams/json_event.ts";

/**
 * Reads an event of Triton's `generate_stream`: outputs by their names, or an error. It counts no tokens, and does not say when
 * an answer is over.
 *
 * @param data What it holds.
 * @throws {SyntaxError} If it is no JSON object.
 */
export function readTritonEvent(data: string): StreamEvent {
  const value = jsonEvent(data);
  const { error } = value;
  if (error !== undefined && error !== null) {
    return { adds: "nothing", error: typeof error === "string" ? error : JSON.stringify(error) };
  }
  const { model_name: _name, model_version: _version, ...outputs } = value;
  const adds = Object.values(outputs).some((output) =>
    typeof output === "string" ? output !== "" : Array.isArray(output)
  );
  const text = Object.values(outputs).flat().filter((output) => typeof output === "string").join("");
  return { adds: adds ? "content" : "nothing", ...text !== "" && { text } };
}

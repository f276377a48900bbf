import type { Prompt } from "../../core/model_input.ts";
import { jsonText } from "../exact/json_text.ts";
import type { JsonBytes } from "../json_bytes.ts";
import { placesOfText } from "../text_marker.ts";
import { withFront } from "./prompt_front.ts";

/**
 * Writes the content of a prompt as JSON: a string, or the list of its messages.
 *
 * @param out Where to.
 * @param prompt The prompt.
 */
export function writePrompt(out: JsonBytes, { content, variation }: Prompt): void {
  const text = jsonText(content);
  if (variation === undefined) return out.text(text);
  // Where its first words stand is where a text would that is put in front of them, and stands nowhere else.
  let found = "";
  for (let i = 0; found === "" || text.includes(found); i++) found = `<${i}>`;
  const at = jsonText(withFront(content, found) ?? content).indexOf(found);
  out.text(text.slice(0, at));
  const start = out.length;
  out.text(text.slice(at));
  out.mark(placesOfText(variation, start, out.length));
}

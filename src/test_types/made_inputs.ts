import type { InputSpec } from "../core/model_input.ts";
import type { TestResults } from "../results/kinds.ts";
import { distinctWindows } from "../results/windows.ts";

/**
 * What a run has to say where most requests were refused, and of the inputs something was made up as nobody gave it: words
 * for BYTES, the sizes of open dimensions; pure.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { madeInputs } from "./made_inputs.ts";
 *
 * assertEquals(madeInputs({ kind: "text", words: 8 }, {}), []);
 * ```
 *
 * @param input What was sent.
 * @param tests Results of the run.
 * @returns Sentences; none where items were given, or most requests were taken.
 */
export function madeInputs(input: InputSpec, tests: TestResults): readonly string[] {
  const isText = input.kind === "text" || input.kind === "tensors" && input.tensors.some(isOfBytes);
  const windows = distinctWindows(tests).map(({ window }) => window);
  const requests = windows.reduce((sum, window) => sum + window.requests, 0);
  const refused = windows.reduce(
    (sum, { failuresByReason: { status = 0, rejected = 0 } }) => sum + status + rejected,
    0,
  );
  if (requests === 0 || refused < requests / 2) return [];
  const numbers = input.kind === "tensors" ? input.tensors.filter((tensor) => !isOfBytes(tensor)) : [];
  const open = numbers.filter(({ shape }) => shape.includes(-1));
  const names = open.map(({ name }) => name).join(", ");
  return [...isText ? [WORDS_REFUSED] : [], ...names === "" ? [] : [sizesRefused(names)]];
}

const WORDS_REFUSED =
  "No input data was given, so English words were sent as BYTES, and most requests were refused: a model that takes an image " +
  "or other bytes must be given files of them, or JSON with them in base64, as input data.";

function sizesRefused(names: string): string {
  return `Nobody gave the sizes of ${names} that may be any, so some were chosen, and most requests were refused: give a shape ` +
    "that the model takes, or input data.";
}

function isOfBytes({ datatype }: { readonly datatype: string }): boolean {
  return datatype === "BYTES";
}

import type { InputSpec } from "../core/model_input.ts";
import type { TestResults } from "../results/kinds.ts";
import { distinctWindows } from "../results/windows.ts";

/**
 * What a run has to say where a model of BYTES was sent words, as nothing else was given, and refused most of them; pure.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { madeTexts } from "./made_texts.ts";
 *
 * assertEquals(madeTexts({ kind: "text", words: 8 }, {}), []);
 * ```
 *
 * @param input What was sent.
 * @param tests Results of the run.
 * @returns One sentence; none where items were given, or most requests were taken.
 */
export function madeTexts(input: InputSpec, tests: TestResults): readonly string[] {
  const isText = input.kind === "text" || input.kind === "tensors" && input.tensors.some(isOfBytes);
  const windows = distinctWindows(tests).map(({ window }) => window);
  const requests = windows.reduce((sum, window) => sum + window.requests, 0);
  const refused = windows.reduce(
    (sum, { failuresByReason: { status = 0, rejected = 0 } }) => sum + status + rejected,
    0,
  );
  if (!isText || requests === 0 || refused < requests / 2) return [];
  return [
    "No input data was given, so English words were sent as BYTES, and most requests were refused: a model that takes an image " +
    "or other bytes must be given files of them, or JSON with them in base64, as input data.",
  ];
}

function isOfBytes({ datatype }: { readonly datatype: string }): boolean {
  return datatype === "BYTES";
}

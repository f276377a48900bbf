import type { SampleTable } from "../../core/sample.ts";
import { FINISHES, TOKEN_SOURCES } from "../../core/stream/stream_row.ts";
import type { StreamAccount } from "../../results/window/stream_account.ts";

/**
 * What the figures of streamed answers rest on.
 *
 * @param windows Samples with the places of those that count.
 * @returns Nothing where no answer was streamed.
 */
export function streamAccount(
  windows: readonly { readonly samples: SampleTable; readonly indices: Int32Array }[],
): { readonly streams?: StreamAccount } {
  const tokenSources: Record<string, number> = {}, finishes: Record<string, number> = {};
  const count = (counts: Record<string, number>, name: string | undefined) => {
    if (name !== undefined) counts[name] = (counts[name] ?? 0) + 1;
  };
  const prompts = { answers: 0, own: 0, told: 0 }, outputs = { answers: 0, own: 0, told: 0 };
  const compare = (sum: typeof prompts, own: number, told: number) => {
    if (Number.isNaN(own) || Number.isNaN(told)) return;
    sum.answers++;
    sum.own += own;
    sum.told += told;
  };
  let answers = 0, refusedCounts = 0, singles = 0, chunks = 0, reads = 0;
  for (const { samples, indices } of windows) {
    for (const i of indices) {
      const own = samples.stream(i, "chunks");
      if (!samples.succeeded(i) || Number.isNaN(own)) continue;
      answers++;
      chunks += own;
      reads += samples.stream(i, "reads");
      refusedCounts += samples.stream(i, "refusedCounts");
      singles += samples.stream(i, "singles");
      const source = TOKEN_SOURCES[samples.stream(i, "tokenSource")];
      count(tokenSources, source);
      if (source !== "own" && source !== "chunks") {
        compare(prompts, samples.stream(i, "ownPromptTokens"), samples.stream(i, "promptTokens"));
        compare(outputs, samples.stream(i, "ownOutputTokens"), samples.stream(i, "outputTokens"));
      }
      count(finishes, FINISHES[samples.stream(i, "finish")]);
    }
  }
  if (answers === 0) return {};
  const own = {
    ...prompts.answers > 0 && { prompts },
    ...outputs.answers > 0 && { outputs },
  };
  const ownCounts = Object.keys(own).length === 0 ? {} : { ownCounts: own };
  return { streams: { answers, tokenSources, refusedCounts, singles, finishes, chunks, reads, ...ownCounts } };
}

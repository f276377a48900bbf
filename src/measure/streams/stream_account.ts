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
      count(tokenSources, TOKEN_SOURCES[samples.stream(i, "tokenSource")]);
      count(finishes, FINISHES[samples.stream(i, "finish")]);
    }
  }
  return answers === 0 ? {} : { streams: { answers, tokenSources, refusedCounts, singles, finishes, chunks, reads } };
}

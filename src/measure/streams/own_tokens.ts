import type { SampleTable } from "../../core/sample.ts";
import { TOKEN_SOURCES } from "../../core/stream/stream_row.ts";
import type { TokenCounter } from "../../core/stream/token_counter.ts";
import type { LoadRun } from "../../load/load_run.ts";

const OWN = TOKEN_SOURCES.indexOf("own"), CHUNKS = TOKEN_SOURCES.indexOf("chunks");

/**
 * Counts what the answers of a run wrote, once it is over, and uses the counts where the server told none. A text that is
 * taken apart anew may have other tokens than those that were written.
 *
 * @param run What was recorded; its samples take the counts in.
 * @param counter Counts; left out where nobody does.
 * @returns The run without its texts.
 */
export async function withOwnTokens<Run extends LoadRun>(run: Run, counter: TokenCounter | undefined): Promise<Run> {
  const { texts, ...rest } = run;
  if (texts === undefined || counter === undefined) return rest as Run;
  // A tokenizer that ends leaves a run as it is without one.
  const counts = await counter.count([...texts.values()]).catch(() => null);
  if (counts === null) return rest as Run;
  const ownTokens = [...texts.keys()].map((i, k) => [i, counts[k]!] as const);
  useOwnTokens(run.samples, ownTokens);
  return { ...rest, ownTokens } as unknown as Run;
}

/**
 * Takes counts in that a tokenizer made.
 *
 * @param samples Samples of a run.
 * @param ownTokens The counts by the place of their sample.
 */
export function useOwnTokens(samples: SampleTable, ownTokens: NonNullable<LoadRun["ownTokens"]>): void {
  for (const [i, tokens] of ownTokens) {
    samples.setStream(i, "ownOutputTokens", tokens);
    if (samples.stream(i, "tokenSource") !== CHUNKS) continue;
    samples.setStream(i, "tokenSource", OWN);
    samples.setStream(i, "outputTokens", tokens);
    samples.setStream(i, "firstTokens", tokens * samples.stream(i, "firstChunks") / samples.stream(i, "chunks"));
  }
}

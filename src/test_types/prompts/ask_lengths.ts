import type { RefusedPrompt } from "../../results/kinds/prompts.ts";
import type { Session } from "../../measure/session.ts";
import { type FailedPrompt, PromptLane, type SentPrompt } from "./prompt_lane.ts";

/** By which servers say that they do not take a request as it is: a context that is too long, a body that is too large. */
const REFUSALS: readonly (number | null)[] = [400, 413, 422];

/** Which lengths of prompts a server takes. */
export interface AskedLengths {
  /** Those that it did not refuse, ascending. */
  readonly taken: readonly number[];
  /** The others, ascending. */
  readonly refused: readonly RefusedPrompt[];
}

/**
 * Sends one prompt of each length, the shortest first: one that is beyond the model's context is refused at once, and nothing
 * is measured of it where it is refused again. Any other failure is for the measurement to count; where no answer came at all,
 * the rest is not asked, as each may take until its deadline.
 *
 * @param session The test.
 * @param lengths Words of the prompts.
 */
export async function askLengths(session: Session, lengths: readonly number[]): Promise<AskedLengths> {
  const taken: number[] = [], refused: RefusedPrompt[] = [];
  await using lane = new PromptLane(session);
  const ask = async (words: number): Promise<SentPrompt> => {
    const pool = await session.poolFor({ kind: "closed", concurrency: 1, batchSize: 1, promptWords: words });
    const request = pool.next();
    const sent = await lane.send(request);
    pool.release(request);
    return sent;
  };
  let isAnswering = true;
  for (const words of [...new Set(lengths)].sort((a, b) => a - b)) {
    let sent = isAnswering ? await ask(words) : null;
    if (isRefusal(sent)) sent = await ask(words);
    if (sent?.kind === "cancelled") {
      session.partial ??= "interrupted";
      break;
    }
    if (isRefusal(sent)) refused.push({ words, reason: sent.message });
    else taken.push(words);
    if (sent?.kind === "failure" && sent.status === null) isAnswering = false;
  }
  return { taken, refused };
}

function isRefusal(sent: SentPrompt | null): sent is FailedPrompt {
  return sent?.kind === "failure" && REFUSALS.includes(sent.status);
}

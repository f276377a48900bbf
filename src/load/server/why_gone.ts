import type { Clock } from "../../core/clock.ts";

/** How long a server that does not answer is asked again before it counts as lost, ms: one that restarts may be back. */
const PATIENCE_MS = 3000;
/** Rest between two questions, ms. */
const PAUSE_MS = 200;

/** What shows that a server does not serve. */
export interface Gone {
  /** What was seen, for people. */
  readonly reason: string;
  /** Whether the server itself says it of the model: to ask once more is enough. */
  readonly isSaid: boolean;
}

/**
 * Asks a server once whether it is there with its model.
 *
 * @param longestMs Longest time that a request has taken: one that is at work may answer as late.
 * @param signal Ends the question.
 * @returns What shows that it is not, `null` where it is.
 */
export type AskServer = (longestMs: number, signal: AbortSignal) => Promise<Gone | null>;

/** What {@linkcode whyGone} needs. */
export interface WhyGoneOptions {
  readonly ask: AskServer;
  readonly clock: Clock;
  /** Longest time that a request has taken, ms. */
  readonly longestMs: number;
  /** Ends the questions; the answer is then `null`. */
  readonly signal: AbortSignal;
  /** Told each answer that it is not there. */
  readonly onSilent?: () => void;
}

/**
 * Why a server is gone: it is asked again for some seconds, as it may be starting anew.
 *
 * @param options What asks it.
 * @returns `null` where it is there.
 */
export async function whyGone(
  { ask, clock, longestMs, signal, onSilent = () => {} }: WhyGoneOptions,
): Promise<string | null> {
  const startMs = clock.now();
  for (let asked = 1;; asked++) {
    const gone = await ask(longestMs, signal);
    if (signal.aborted || gone === null) return null;
    onSilent();
    if (gone.isSaid ? asked > 1 : clock.now() - startMs >= PATIENCE_MS) return gone.reason;
    await clock.sleep(PAUSE_MS, signal).catch(() => {});
    if (signal.aborted) return null;
  }
}

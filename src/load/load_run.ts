import type { FailureReason } from "../core/outcome.ts";
import type { SampleTable } from "../core/sample.ts";
import type { Picked } from "../core/stream/answer_picks.ts";
import type { Doubt, LostRun, RunOutage } from "./server/server_watch.ts";

/**
 * Why a run ended.
 *
 * - `enough`: its stop rule was content
 * - `duration`: its time was up
 * - `requests`: the wanted number of requests was counted
 * - `interrupted`: the caller's signal
 * - `disconnected`: nothing but failed connections for some seconds
 * - `lost`: the server was asked whether it is there, and is not
 */
export type EndReason = "enough" | "duration" | "requests" | "interrupted" | "disconnected" | "lost";

/** What one run recorded. Moments are ms since the run began. */
export interface LoadRun {
  /** Attempts in the order in which they ended, warm-up and drain included: all of them, or the first where a fold took the rest. */
  readonly samples: SampleTable;
  /** How many attempts there were. */
  readonly recorded: number;
  /** Requests that ended before the window. */
  readonly warmUpRequests: number;
  /** The window: it begins and ends with the end of a request wherever it can, so that a rate has no rounding. */
  readonly windowStartMs: number;
  /** End of the window. */
  readonly windowEndMs: number;
  /** Attempts `[windowFrom, windowTo)` ended inside the window. */
  readonly windowFrom: number;
  /** End of that range, exclusive. */
  readonly windowTo: number;
  /** Requests that we cut off. */
  readonly cancelled: number;
  /** Whether nothing of it may be cut as warm-up, since a number of requests was asked for; left out where none was. */
  readonly isUncut?: true;
  /** Why it ended. */
  readonly endReason: EndReason;
  /** What makes it doubtful at the end that the server is there; `null` where nothing does. */
  readonly doubt: Doubt | null;
  /** Where and how the server was lost; `null` where it was not. */
  readonly lost: LostRun | null;
  /** Times in which the server did not answer, and after which it did. */
  readonly outages: readonly RunOutage[];
  /** One message for each reason of failure inside the window, in the server's or the socket's words. */
  readonly failureExamples: Readonly<Partial<Record<FailureReason, string>>>;
  /** How long nothing was sent inside the window as the server asked for that, ms; left out where it was not heeded. */
  readonly heldMs?: number;
  /** Some streamed answers that ended since the window began, with the moments of their chunks; left out where there are none. */
  readonly answers?: Picked;
  /** What answers wrote, by the place of their sample, where it is kept until it is counted. */
  readonly texts?: ReadonlyMap<number, string>;
  /** What a tokenizer counted in answers, by the place of their sample; left out where none did. */
  readonly ownTokens?: readonly (readonly [sample: number, tokens: number])[];
}

/** A server's cumulative counters of its streamed answers up to their first tokens; take differences. Times are ms. */
export interface FirstTokenCounters {
  /** Answers whose first token came. */
  readonly firstTokens: number;
  /** Total time from their requests to them, ms. */
  readonly firstTokenMs: number;
  /** Answers whose time in the queue is counted; 0 where none is. */
  readonly queued: number;
  /** Total time of them in the queue, ms. */
  readonly queuedMs: number;
  /** Answers the work on whose prompts is counted; 0 where none is. */
  readonly prefilled: number;
  /** Total time of that work, ms. */
  readonly prefilledMs: number;
}

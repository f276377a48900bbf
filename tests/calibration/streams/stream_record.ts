/** What became of one answer. Moments are ms of one clock. */
export interface StreamRecord {
  /** When the request came. */
  readonly cameMs: number;
  /** When its first and last tokens were written; `NaN` where none was. */
  firstMs: number;
  lastMs: number;
  /** Tokens that were written, and those of the first moment. */
  tokens: number;
  firstTokens: number;
  /** Chunks that were written. */
  chunks: number;
  /** Longest time between two moments of writing, or 0 where two chunks were written at once; `NaN` of a single chunk. */
  longestGapMs: number;
  /** When it ended. */
  endedMs: number;
  failed: boolean;
}

/** Of a request that came now. */
export function recordFrom(cameMs: number): StreamRecord {
  return {
    ...{ cameMs, firstMs: NaN, lastMs: NaN, endedMs: NaN, longestGapMs: NaN },
    ...{ tokens: 0, firstTokens: 0, chunks: 0, failed: false },
  };
}

/**
 * Takes down that chunks were written.
 *
 * @param record Of their answer.
 * @param atMs When.
 * @param upTo Tokens of the answer up to and with each.
 */
export function takeDown(record: StreamRecord, atMs: number, upTo: readonly number[]): void {
  record.tokens = upTo.at(-1)!;
  if (record.chunks === 0) {
    record.firstMs = atMs;
    record.firstTokens = record.tokens;
    if (upTo.length > 1) record.longestGapMs = 0;
  } else record.longestGapMs = Math.max(record.longestGapMs || 0, atMs - record.lastMs);
  record.lastMs = atMs;
  record.chunks += upTo.length;
}

/** How a calibration server streams its answers; all times are what it means to take. */
export interface StreamBehaviour {
  /** Mean time from a request, or from when a slot frees for it, to its first token, ms; lognormal. */
  readonly firstMs: number;
  /** Its standard deviation, relative to it. @default {0} */
  readonly firstVariation?: number;
  /** Mean time from one token of an answer to the next, ms; lognormal. */
  readonly tokenMs: number;
  /** Its standard deviation, relative to it. @default {0} */
  readonly tokenVariation?: number;
  /** Autocorrelation of the times of successive tokens, 0 to below 1. @default {0} */
  readonly autocorrelation?: number;
  /**
   * All answers step together, so many at most, as in continuous batching: each step brings a token of each, takes `ownMs`
   * longer for each of them, and `firstMs` longer for each that begins; the others wait. @default {null, each by itself}
   */
  readonly batch?: { readonly slots: number; readonly ownMs: number } | null;
  /** Tokens of an answer: uniform between these. */
  readonly tokens: readonly [least: number, most: number];
  /** Share of answers that have one token. @default {0} */
  readonly singles?: number;
  /** Tokens of each chunk behind the first, which has one. @default {1} */
  readonly tokensAChunk?: number;
  /** Chunks that are written at once, but for the first. @default {1} */
  readonly burst?: number;
  /** Share of answers that fail at some token. @default {0} */
  readonly failureRate?: number;
}

/** Tokens of a prompt. */
export const PROMPT_TOKENS = 32;

/**
 * What is recorded of a streamed answer besides its sample, in the order in which tables and blocks hold it. Moments are ms
 * since the run began; what is not known is `NaN`.
 */
export const STREAM_NUMBERS = [
  "firstEventAt",
  "firstTokenAt",
  "firstVisibleAt",
  "lastTokenAt",
  "outputTokens",
  "ownOutputTokens",
  "firstTokens",
  "firstChunks",
  "promptTokens",
  "ownPromptTokens",
  "cachedTokens",
  "chunks",
  "reads",
  "zeroGaps",
  "longestGapMs",
  "singles",
  "tokenSource",
  "refusedCounts",
  "finish",
] as const;

/** One of {@linkcode STREAM_NUMBERS}. */
export type StreamNumber = typeof STREAM_NUMBERS[number];

/**
 * A streamed answer in numbers.
 *
 * - `firstEventAt`: when the first event came, whatever it held
 * - `firstTokenAt`: when the first came that added reasoning, content or a tool call
 * - `firstVisibleAt`: when the first came that added content or a tool call
 * - `lastTokenAt`: when the last came that added something
 * - `outputTokens`, `firstTokens`: tokens of the answer, and of what came at `firstTokenAt` or, not shown, before
 * - `ownOutputTokens`: tokens of the answer by the user's tokenizer, where they were counted
 * - `firstChunks`: chunks that came at `firstTokenAt`
 * - `promptTokens`, `cachedTokens`: tokens of the prompt, and those of them that the server had from before
 * - `ownPromptTokens`: tokens of the prompt by the user's tokenizer, which count where the server tells none
 * - `chunks`: events that added something
 * - `reads`: different moments at which they came, as several may come at once
 * - `zeroGaps`, `longestGapMs`: of the gaps between chunks, those without a time, and the longest
 * - `singles`: 1 where each chunk is known to be one token, else 0
 * - `tokenSource`: place in {@linkcode TOKEN_SOURCES} of what counted the tokens
 * - `refusedCounts`: 1 where the server's counts of tokens contradict each other, so that they are not used, else 0
 * - `finish`: place in {@linkcode FINISHES} of why the answer ended
 */
export type StreamRow = { readonly [Name in StreamNumber]: number };

/**
 * What may count tokens, the best first.
 *
 * - `ids`: the server names each token
 * - `continuous`: it counts them at every chunk
 * - `usage`: it counts them at the end; chunks are taken to be of one size
 * - `own`: a tokenizer of the user's, after the answer; chunks are taken to be of one size
 * - `chunks`: nothing does: a chunk is no token, and no figure is called tokens
 */
export const TOKEN_SOURCES = ["ids", "continuous", "usage", "own", "chunks"] as const;

/** One of {@linkcode TOKEN_SOURCES}. */
export type TokenSource = typeof TOKEN_SOURCES[number];

/** Why answers end, by the words that servers have for it. */
export const FINISHES = ["stop", "length", "tool_calls", "content_filter", "other"] as const;

/** One of {@linkcode FINISHES}. */
export type Finish = typeof FINISHES[number];

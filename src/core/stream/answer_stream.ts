import type { RequestTokens } from "../request/request_tokens.ts";
import type { Verdict } from "../request/verdict.ts";
import type { WireResponse } from "../transport.ts";
import type { ChunkTimes } from "./chunk_times.ts";
import type { StreamRow } from "./stream_row.ts";

/** Reads one streamed answer after another, as it comes, and keeps when its tokens came. */
export interface AnswerStream {
  /**
   * Another answer begins.
   *
   * @param tokens What is known of the tokens of its request.
   */
  begin(tokens?: RequestTokens): void;
  /**
   * Takes in a piece of the body, cut anywhere.
   *
   * @param bytes The piece, which is overwritten afterwards.
   * @param atMs When it came, ms since the run began.
   */
  push(bytes: Uint8Array, atMs: number): void;
  /**
   * The body is complete.
   *
   * @param response Its head; the body is not looked at.
   * @returns What the answer is worth.
   */
  end(response: WireResponse): Verdict;
  /** How far the answer came, for people: what is said of one of which the end is missing. Empty where nothing came. */
  soFar(): string;
  /** What was written so far, where texts are kept; else empty. */
  text(): string;
  /** The answer so far in numbers. The object is used again for the next answer. */
  row(): StreamRow;
  /** When its chunks came so far; used again for the next answer. Left out where that is not taken down. */
  readonly times?: ChunkTimes;
}

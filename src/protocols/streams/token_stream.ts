import { concatenate } from "../../core/concatenate.ts";
import type { FailureReason } from "../../core/outcome.ts";
import type { Verdict } from "../../core/protocol.ts";
import type { RequestTokens } from "../../core/request/request_tokens.ts";
import type { AnswerStream } from "../../core/stream/answer_stream.ts";
import { ChunkClock, type ChunkTimes } from "../../core/stream/chunk_times.ts";
import type { StreamEvent, StreamForm } from "../../core/stream/stream_event.ts";
import { type Finish, FINISHES, type StreamNumber, type StreamRow } from "../../core/stream/stream_row.ts";
import type { WireResponse } from "../../core/transport.ts";
import {
  isError,
  isRecord,
  parseBody,
  serverWords,
  shortened,
  statusWords,
  succeeded,
  textOrNull,
} from "../shared/server_answer.ts";
import { type EventReader, eventReader } from "./event_reader.ts";
import { HeldPieces } from "./held_pieces.ts";
import { TokenCounts } from "./token_counts.ts";

/** How much of an answer that is no stream is kept for messages, bytes. */
const KEPT_BYTES = 16 * 1024;

/**
 * Reads one streamed answer after another, and keeps when its tokens came. A chunk is an event that adds reasoning, content
 * or a part of a tool call.
 *
 * **Time to first token** is that of the first chunk, never that of a role or a ping, which some servers send long before
 * (vLLM counts them, AIPerf does not). **Events of one read** came at one moment.
 */
export class TokenStream implements AnswerStream {
  readonly #held = new HeldPieces((bytes, atMs) => this.#take(bytes, atMs));
  readonly #clock = new ChunkClock();
  readonly #form: StreamForm;
  readonly #keepsText: boolean;
  #text = "";
  readonly #reader: EventReader;
  readonly #counts = new TokenCounts();
  #nowMs = NaN;
  readonly #row: { -readonly [Name in StreamNumber]: number } = { ...BLANK };
  #events = 0;
  #finish: string | null = null;
  #serverMs: number | null = null;
  #ended = false;
  #error: string | null = null;
  #flaw: string | null = null;
  #kept: Uint8Array[] = [];
  #keptBytes = 0;

  /**
   * @param form How the protocol's answers stream.
   * @param keepsText Whether what is written is kept until the next answer.
   */
  constructor(form: StreamForm, keepsText = false) {
    this.#form = form;
    this.#keepsText = keepsText;
    this.#reader = eventReader(form.framing, (data, name) => this.#event(data, name));
  }

  /** Part of {@linkcode AnswerStream}. */
  begin({ mostOutput = Infinity, prompt = NaN }: RequestTokens = {}): void {
    this.#held.drop();
    this.#reader.begin();
    this.#counts.begin(mostOutput);
    this.#clock.begin();
    Object.assign(this.#row, BLANK);
    this.#text = "";
    this.#row.ownPromptTokens = prompt;
    this.#events = this.#keptBytes = 0;
    this.#finish =
      this.#serverMs =
      this.#error =
      this.#flaw =
        null;
    this.#ended = false;
    this.#kept = [];
  }

  /** Part of {@linkcode AnswerStream}. */
  push(bytes: Uint8Array, atMs: number): void {
    this.#held.add(bytes, atMs);
  }

  #take(bytes: Uint8Array, atMs: number): void {
    // Of a stream that is one, messages show nothing but what its events say.
    if (this.#events === 0 && this.#keptBytes < KEPT_BYTES) {
      this.#kept.push(bytes.slice());
      this.#keptBytes += bytes.length;
    }
    if (this.#flaw !== null) return;
    this.#nowMs = atMs;
    try {
      this.#reader.push(bytes);
    } catch (error) {
      this.#flawed(error);
    }
  }

  /** Part of {@linkcode AnswerStream}. */
  end(response: WireResponse): Verdict {
    this.#held.readAll();
    const isWhole = this.#flaw !== null || this.#endsWhole();
    const coding = response.headers["content-encoding"] ?? "identity";
    if (!succeeded(response)) {
      const body = coding === "identity" ? this.#keptBody() : new Uint8Array();
      return failure("status", statusWords({ ...response, body }));
    }
    if (coding !== "identity") {
      return failure(
        "malformed",
        `the stream is compressed (${coding}) though that was not asked for: its tokens are not seen`,
      );
    }
    if (this.#error !== null) return failure("rejected", `${this.#error} (${this.#chunksSoFar()})`);
    if (this.#events === 0) return this.#noStream(this.#keptBody());
    if (!isWhole) {
      return failure("malformed", `the stream stops in the middle of an event: ${this.#chunksSoFar()}`);
    }
    if (this.#flaw !== null) {
      return failure("malformed", `event ${this.#events} cannot be read: ${this.#flaw}`);
    }
    if (this.#form.saysItsEnd && this.#finish === null && !this.#ended) {
      return failure("malformed", `the stream stops in the middle: ${this.#chunksSoFar()}, and no word of its end`);
    }
    if (this.#row.chunks > 0) return { kind: "success", serverMs: this.#serverMs };
    const why = this.#finish === null ? "" : `, and it ends with "${shortened(this.#finish)}"`;
    const { total } = this.#counts;
    const counted = total > 0 ? `, though ${total} ${total === 1 ? "token is" : "tokens are"} counted` : "";
    return failure("rejected", `the answer is empty: no event adds anything${why}${counted}`);
  }

  /** Part of {@linkcode AnswerStream}. */
  get times(): ChunkTimes {
    this.#held.readAll();
    return this.#clock;
  }

  /** Part of {@linkcode AnswerStream}. */
  text(): string {
    this.#held.readAll();
    return this.#text;
  }

  /** Part of {@linkcode AnswerStream}. */
  row(): StreamRow {
    this.#held.readAll();
    const row = this.#row, counts = this.#counts;
    row.outputTokens = counts.total;
    row.firstTokens = row.chunks === 0 ? NaN : counts.first;
    row.firstChunks = counts.firstChunks;
    row.promptTokens = Number.isNaN(counts.promptTokens) ? row.ownPromptTokens : counts.promptTokens;
    row.cachedTokens = counts.cachedTokens;
    row.singles = counts.areSingles ? 1 : 0;
    row.tokenSource = counts.sourceCode;
    row.refusedCounts = counts.isRefused ? 1 : 0;
    row.finish = this.#finish === null ? NaN : FINISHES.indexOf(finishOf(this.#finish));
    return row;
  }

  /** Part of {@linkcode AnswerStream}. */
  soFar(): string {
    this.#held.readAll();
    if (this.#events === 0) return "";
    if (this.#error !== null) return `the server had said "${this.#error}"`;
    const end = this.#finish === null && !this.#ended ? "" : ", and the stream had said that it is over";
    return `${this.#chunksSoFar()}${end}`;
  }

  /** Whether the body does not end within a character or an event. */
  #endsWhole(): boolean {
    try {
      this.#reader.end();
      return true;
    } catch (error) {
      this.#flawed(error);
      return false;
    }
  }

  #flawed(error: unknown): void {
    this.#flaw = error instanceof Error ? error.message : String(error);
  }

  #event(data: string, name?: string): void {
    const isFirst = this.#events++ === 0;
    if (isFirst) this.#row.firstEventAt = this.#nowMs;
    // What comes behind the end is nobody's.
    if (this.#ended || this.#error !== null) return;
    const event = this.#form.read(data, name);
    if (event.error !== undefined) this.#error = shortened(event.error);
    if (event.finish !== undefined) this.#finish = event.finish;
    if (event.serverMs !== undefined) this.#serverMs = event.serverMs;
    if (event.ends === true) this.#ended = true;
    this.#counts.add(event, this.#row.chunks === 0 || this.#nowMs === this.#row.firstTokenAt);
    if (event.adds === "nothing") return;
    if (this.#keepsText) this.#text += event.text ?? "";
    this.#chunk(event);
  }

  #chunk({ adds }: StreamEvent): void {
    const row = this.#row, nowMs = this.#nowMs;
    if (row.chunks === 0) row.firstTokenAt = nowMs;
    else {
      const gapMs = nowMs - row.lastTokenAt;
      if (gapMs === 0) row.zeroGaps++;
      if (!(gapMs <= row.longestGapMs)) row.longestGapMs = gapMs;
    }
    if (adds !== "reasoning" && Number.isNaN(row.firstVisibleAt)) row.firstVisibleAt = nowMs;
    if (nowMs !== row.lastTokenAt) row.reads++;
    row.lastTokenAt = nowMs;
    this.#clock.add(nowMs);
    row.chunks++;
  }

  #keptBody(): Uint8Array {
    return concatenate(this.#kept).subarray(0, KEPT_BYTES);
  }

  #chunksSoFar(): string {
    const { chunks } = this.#row;
    return chunks === 0 ? "nothing came before it" : `after ${chunks} ${chunks === 1 ? "chunk" : "chunks"}`;
  }

  #noStream(kept: Uint8Array): Verdict {
    if (this.#keptBytes === 0) return failure("malformed", "the answer is empty, though a stream was asked for");
    const value = parseBody(kept);
    if (isRecord(value) && isError(value["error"] ?? value["detail"] ?? textOrNull(value["message"]))) {
      return failure("rejected", serverWords(value, kept));
    }
    const what = isComments(kept)
      ? "it holds comments alone"
      : value === undefined
      ? `it is ${serverWords(value, kept)}`
      : "it is one JSON value";
    return failure("malformed", `not a stream, though one was asked for: ${what}`);
  }
}

/** What {@linkcode AnswerStream.row} says before anything came. */
const BLANK: StreamRow = {
  firstEventAt: NaN,
  firstTokenAt: NaN,
  firstVisibleAt: NaN,
  lastTokenAt: NaN,
  outputTokens: NaN,
  ownOutputTokens: NaN,
  firstTokens: NaN,
  firstChunks: 0,
  promptTokens: NaN,
  ownPromptTokens: NaN,
  cachedTokens: NaN,
  chunks: 0,
  reads: 0,
  zeroGaps: 0,
  longestGapMs: NaN,
  singles: 0,
  tokenSource: NaN,
  refusedCounts: 0,
  finish: NaN,
};

function failure(reason: FailureReason, message: string): Verdict {
  return { kind: "failure", reason, message };
}

/** Whether each line begins as a comment of a stream does, or is empty. */
function isComments(body: Uint8Array): boolean {
  return /^(:[^\r\n]*)?([\r\n]+(:[^\r\n]*)?)*$/.test(new TextDecoder().decode(body));
}

/** Servers have several words for one thing. */
function finishOf(word: string): Finish {
  if (word === "eos_token" || word === "stop_sequence" || word === "end_turn") return "stop";
  if (word === "max_tokens") return "length";
  if (word === "tool_use" || word === "function_call") return "tool_calls";
  return (FINISHES as readonly string[]).includes(word) ? word as Finish : "other";
}

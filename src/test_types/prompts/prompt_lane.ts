import type { FailureReason } from "../../core/outcome.ts";
import type { Verdict } from "../../core/protocol.ts";
import type { StreamRow } from "../../core/stream/stream_row.ts";
import type { Lane, WireRequest } from "../../core/transport.ts";
import { ExchangeTimes } from "../../load/exchange_times.ts";
import { judgedStream } from "../../load/judged.ts";
import type { Session } from "../../measure/session.ts";

/** A prompt whose answer came. */
export interface AnsweredPrompt {
  readonly kind: "success";
  /** From sending to the first token, ms. */
  readonly firstTokenMs: number;
  /** Tokens of the prompt, as the server counts them; `null` where it does not. */
  readonly promptTokens: number | null;
  /** Those of them that the server had from before; `null` where it does not say. */
  readonly cachedTokens: number | null;
}

/** A prompt that failed. */
export interface FailedPrompt {
  readonly kind: "failure";
  /** Of its answer; `null` where none came. */
  readonly status: number | null;
  readonly message: string;
}

/** What became of a prompt. */
export type SentPrompt = AnsweredPrompt | FailedPrompt | { readonly kind: "cancelled" };

/** One connection, over which prompts are sent one after another, outside of any window. */
export class PromptLane implements AsyncDisposable {
  readonly #session: Session;
  readonly #lane: Lane;
  readonly #stream;

  /** @param session The test; its protocol streams. */
  constructor(session: Session) {
    this.#session = session;
    this.#lane = session.transport.openLane();
    this.#stream = session.target.protocol.openStream!();
  }

  /**
   * Sends a prompt, and waits for the whole of its answer.
   *
   * @param request The prompt.
   */
  async send(request: WireRequest): Promise<SentPrompt> {
    const { clock, timeoutMs, options: { signal }, windows: { hold } } = this.#session;
    await hold?.passed(() => !signal?.aborted);
    if (signal?.aborted) return { kind: "cancelled" };
    this.#session.requests++;
    const stream = this.#stream, onAbort = () => this.#lane.cancel();
    signal?.addEventListener("abort", onAbort, { once: true });
    stream.begin(request.tokens);
    const times = new ExchangeTimes(clock);
    times.begin();
    const sent = await new Promise<SentPrompt>((resolve) =>
      this.#lane.send(request, timeoutMs, {
        collectsBody: false,
        onSending: () => times.sending(),
        onRead: () => times.read(),
        onFirstByte: () => {},
        onChunk: (bytes) => stream.push(bytes, times.cameAt),
        onResponse: (response) =>
          resolve(sentOf(judgedStream(stream, response), response.status, stream.row(), times.sentAt)),
        onFailure: (_: FailureReason, message) => resolve({ kind: "failure", status: null, message }),
        onCancelled: () => resolve({ kind: "cancelled" }),
      })
    );
    signal?.removeEventListener("abort", onAbort);
    return sent;
  }

  /** Closes the connection. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lane.close();
  }
}

function sentOf(verdict: Verdict, status: number, row: StreamRow, sentAt: number): SentPrompt {
  if (verdict.kind === "failure") return { kind: "failure", status, message: verdict.message };
  const told = (count: number) => Number.isNaN(count) ? null : count;
  return {
    kind: "success",
    firstTokenMs: row.firstTokenAt - sentAt,
    promptTokens: told(row.promptTokens),
    cachedTokens: told(row.cachedTokens),
  };
}

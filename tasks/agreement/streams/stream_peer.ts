/** What one tool says of the streamed answers of one run. */
export interface StreamFigures {
  /** Median time to the first token, by the tool's own definition, ms. */
  readonly firstTokenMs: number;
  /** Median time per output token after the first, one value a request, ms. */
  readonly tokenMs: number;
  /** Median latency of a whole answer, by the tool's own end, ms. */
  readonly latencyMs: number;
  /** Output tokens per second, of all requests. */
  readonly tokensPerSecond: number;
}

/** Moments of one request, ms. */
export interface RequestMoments {
  readonly sentAt: number;
  readonly firstEventAt: number;
  readonly firstTokenAt: number;
  readonly lastTokenAt: number;
  readonly endedAt: number;
  readonly outputTokens: number;
}

/** The figures' names, in the order in which they are printed. */
export const STREAM_FIGURES = ["firstTokenMs", "tokenMs", "latencyMs", "tokensPerSecond"] as const satisfies (
  keyof StreamFigures
)[];

/** What every tool is asked to measure. */
export interface StreamLoad {
  /** Base URL of the server. */
  readonly url: string;
  /** The model. */
  readonly model: string;
  /** Folder of the model's tokenizer, for tools that count by themselves. */
  readonly tokenizer: string;
  /** One prompt a request. */
  readonly prompts: readonly string[];
  /** Tokens of each answer, whatever the model would write. */
  readonly outputTokens: number;
  /** Streams at any time. */
  readonly concurrency: number;
}

/** Another client of language models. */
export interface StreamPeer {
  /** Its name and version. */
  readonly name: string;
  /** In what its definitions differ, one sentence. */
  readonly note: string;
  /** Measures one run; rejects if a request failed. */
  measure(load: StreamLoad): Promise<StreamFigures>;
  /** What its definitions make of one request, ms. */
  define(moments: RequestMoments): Omit<StreamFigures, "tokensPerSecond">;
}

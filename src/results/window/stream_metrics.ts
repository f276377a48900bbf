import type { SampleTable } from "../../core/sample.ts";
import type { LatencyOrigin, RequestMetric } from "./request_metric.ts";

/** Why a window has no figure of tokens. */
const UNCOUNTED = "the server does not count tokens, or contradicts itself";
/** Why it has none of the tokens behind the first. */
const NONE_LATER = "no answer had tokens behind its first that the server counts";

const startOf = (samples: SampleTable, i: number, origin: LatencyOrigin) =>
  origin === "due" ? samples.scheduledAt(i) : samples.sentAt(i);

/**
 * Every metric of a streamed answer. One value a request, so that an interval rests on requests: the gaps within one answer
 * are no independent observations.
 */
export const STREAM_METRICS: readonly RequestMetric[] = [
  {
    field: "firstTokenMs",
    id: "time_to_first_token",
    label: "time to first token",
    gatePrefix: "ttft-",
    streamedOnly: true,
    absence: "no token came",
    definition:
      "From due (open loop) or sent (closed loop) to the first event with reasoning, content or a tool call, as " +
      "MLPerf LoadGen and AIPerf count; vllm bench serve counts an empty role as the first.",
    read: (samples, i, origin) => samples.stream(i, "firstTokenAt") - startOf(samples, i, origin),
  },
  {
    field: "firstVisibleMs",
    id: "time_to_first_visible_token",
    label: "time to first visible token",
    streamedOnly: true,
    absence: "no visible token came",
    definition: "As time to first token, but of content or a tool call alone: what was thought before is not seen.",
    read: (samples, i, origin) => samples.stream(i, "firstVisibleAt") - startOf(samples, i, origin),
  },
  {
    field: "tokenMs",
    id: "time_per_output_token",
    label: "time per output token",
    gatePrefix: "tpot-",
    streamedOnly: true,
    betweenTokens: true,
    absence: NONE_LATER,
    definition:
      "From the first token to the last, over the tokens that came later than the first moment: one value a " +
      "request, and none of an answer that came all at once. GuideLLM takes the time to the first token in.",
    read(samples, i) {
      const rest = samples.stream(i, "outputTokens") - samples.stream(i, "firstTokens");
      const ms = samples.stream(i, "lastTokenAt") - samples.stream(i, "firstTokenAt");
      // Tokens that are counted but never shown, as those of a tool call that is held back, have no moment.
      return rest > 0 && ms > 0 ? ms / rest : NaN;
    },
  },
  {
    field: "userTokensPerSecond",
    id: "output_tokens_per_second_per_user",
    label: "output tokens per second of an answer",
    unit: "tokens/s",
    better: "more",
    streamedOnly: true,
    absence: NONE_LATER,
    definition:
      "What a reader sees once an answer has begun: the inverse of the time per output token, as AIPerf counts.",
    read(samples, i) {
      const rest = samples.stream(i, "outputTokens") - samples.stream(i, "firstTokens");
      const tookMs = samples.stream(i, "lastTokenAt") - samples.stream(i, "firstTokenAt");
      return rest > 0 && tookMs > 0 ? 1000 * rest / tookMs : NaN;
    },
  },
  {
    field: "chunkGapMs",
    id: "chunk_gap",
    label: "mean gap between chunks",
    gatePrefix: "gap-",
    streamedOnly: true,
    betweenTokens: true,
    absence: "no answer came in several chunks",
    definition: "Mean time between events that add something, one value a request. A chunk may hold several tokens.",
    read(samples, i) {
      const gaps = samples.stream(i, "chunks") - 1;
      return gaps > 0 ? (samples.stream(i, "lastTokenAt") - samples.stream(i, "firstTokenAt")) / gaps : NaN;
    },
  },
  {
    field: "longestGapMs",
    id: "longest_gap",
    label: "longest gap between chunks",
    gatePrefix: "stall-",
    streamedOnly: true,
    betweenTokens: true,
    absence: "no answer came in several chunks",
    definition: "The longest time between events that add something: how long a reader waited in the middle.",
    read: (samples, i) => samples.stream(i, "longestGapMs"),
  },
  {
    field: "lastTokenMs",
    id: "time_to_last_token",
    label: "time to last token",
    streamedOnly: true,
    absence: "no token came",
    definition: "To the last event that added something; latency goes on to the end of the answer.",
    read: (samples, i, origin) => samples.stream(i, "lastTokenAt") - startOf(samples, i, origin),
  },
  {
    field: "outputTokens",
    id: "output_tokens",
    label: "output tokens",
    unit: "tokens",
    better: "more",
    streamedOnly: true,
    absence: UNCOUNTED,
    definition:
      "Tokens of an answer by the best that the server tells: ids, a count at each chunk, a count at its end; where it " +
      "tells none by the tokenizer that was given, which may part the text otherwise.",
    read: (samples, i) => samples.stream(i, "outputTokens"),
  },
  {
    field: "promptTokens",
    id: "prompt_tokens",
    label: "prompt tokens",
    unit: "tokens",
    streamedOnly: true,
    absence: UNCOUNTED,
    definition:
      "Tokens of a prompt as the server counts them, its template included; where it does not, by the tokenizer given, " +
      "without a template.",
    read: (samples, i) => samples.stream(i, "promptTokens"),
  },
];

import { onCalls, REFUSES } from "../expected.ts";
import { from, type Mode } from "../mode.ts";
import { body, flood, STALL, status, withHead } from "../server/scripts.ts";

const LIST = /^GET \/v1\/models/, METRICS = /^GET \/metrics/;
const FINE = { reasons: [], failing: "none" } as const;
const STREAMED = { dialects: ["openai"] } as const;
const EITHER = { ...STREAMED, exit: [0, 3] } as const;
const ESCAPES = "\x1b[2J\x1b[31mred\x07";
const models = (...names: unknown[]) => body(JSON.stringify({ object: "list", data: names.map((id) => ({ id })) }));

/** Faults of all requests but those for answers, of servers of language models. */
export const STREAMED_CALLS: readonly Mode[] = [
  onCalls(["models-hang", "never answers when it is asked for its language models", LIST], STALL, REFUSES, {
    ...STREAMED,
    says: /within \d+/,
  }),
  onCalls(["models-are-garbage", "lists its language models as garbage", LIST], body("what?"), REFUSES, STREAMED),
  onCalls(
    ["models-are-of-wrong-types", "lists language models that are none", LIST],
    models(7, null),
    REFUSES,
    STREAMED,
  ),
  onCalls(
    ["models-in-escapes", "names a language model in escapes of the terminal", LIST],
    models("alpha", ESCAPES),
    FINE,
    {
      ...STREAMED,
    },
  ),
  onCalls(
    ["models-are-10000", "lists 10,000 language models", LIST],
    models("alpha", ...Array.from({ length: 9999 }, (_, n) => `model-${n}`)),
    FINE,
    STREAMED,
  ),
  onCalls(["models-lack-it", "lists other language models", LIST], models("beta"), REFUSES, {
    ...STREAMED,
    says: /beta/,
  }),
  onCalls(
    ["models-fail-after-3", "answers 500 when it is asked for its models the fourth time", LIST],
    status(500),
    FINE,
    {
      ...EITHER,
      hits: from(4),
    },
  ),
  onCalls(
    ["token-metrics-lie", "counts first tokens that never were, in seconds beyond all numbers", METRICS],
    body(
      ["_sum 1e999", "_count -5", '_bucket{le="x"} NaN']
        .map((end) => `vllm:time_to_first_token_seconds${end}\nvllm:request_queue_time_seconds${end}\n`).join(""),
    ),
    FINE,
    STREAMED,
  ),
  onCalls(
    ["token-metrics-are-endless", "answers the metrics of vLLM without an end", METRICS],
    async (exchange) => {
      await exchange.connection.write(withHead([], ""));
      await flood(exchange, 'vllm:time_to_first_token_seconds_bucket{le="1"} 1\n'.repeat(1000));
    },
    FINE,
    EITHER,
  ),
  onCalls(
    ["token-metrics-hang", "never answers when it is asked for the metrics of vLLM", METRICS],
    STALL,
    FINE,
    EITHER,
  ),
];

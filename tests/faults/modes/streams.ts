import { fails, onPredictions, SUCCEEDS } from "../expected.ts";
import { type Exchange, type Mode, oneIn, type Script } from "../mode.ts";
import { body, bytesLength, errorBody, flood, GOOD, pass, status, withHead } from "../server/scripts.ts";

const STREAMED = { dialects: ["openai"] } as const;
const HEAD = withHead(["content-type: text/event-stream", "transfer-encoding: chunked"], "");
const REJECTED = fails("rejected", { says: /CUDA out of memory/ }), MALFORMED = fails("malformed");
const TIMEOUT = fails("timeout"), TOO_LARGE = fails(["too-large", "timeout"]);
const FAILURE = `data: ${JSON.stringify({ error: { message: "CUDA out of memory", code: 500 } })}\n\n`;
const DONE = "data: [DONE]\n\n", PING = ": ping\n\n";
/** Words of a prompt that is beyond the context of a model. */
const LONGEST_WORDS = 200;

const piece = (text: string) => `${bytesLength(text).toString(16)}\r\n${text}\r\n`;
const eventsOf = ({ good }: Exchange) => good.body.split("\n\n").slice(0, -1).map((event) => `${event}\n\n`);

/** Sends pieces of a stream one after another, and its end. */
const stream =
  (pieces: (events: readonly string[]) => readonly string[]): Script => async ({ connection, ...rest }) => {
    await connection.write(HEAD);
    for (const text of pieces(eventsOf({ connection, ...rest }))) await connection.write(piece(text));
    await connection.write("0\r\n\r\n");
  };
/** Sends pieces of a stream, and then one again and again, with a time between them. */
const endless = (first: (events: readonly string[]) => readonly string[], again: string, ms: number): Script => //
async (exchange) => {
  await exchange.connection.write(HEAD);
  for (const text of first(eventsOf(exchange))) await exchange.connection.write(piece(text));
  while (await exchange.connection.write(piece(again))) await pass(exchange, ms);
};
/** Sends the first events of a stream, then nothing until the client goes. */
const stall = (events: number): Script => async (exchange) => {
  await exchange.connection.write(HEAD + piece(eventsOf(exchange).slice(0, events).join("")));
  await exchange.connection.closed;
};
/** Sends a sound stream whose text is changed. */
const rewritten = (change: (text: string) => string) => body(({ good }) => change(good.body));
const counted = (usage: unknown) =>
  rewritten((text) => text.replace(/"usage":\{[^}]*\}/, `"usage":${JSON.stringify(usage)}`));
const delta = (content: string, finish = "null") =>
  `data: {"choices":[{"index":0,"delta":{"content":"${content}"},"finish_reason":${finish}}]}\n\n`;
const written = (name: string, does: string, script: Script, outcome: Parameters<typeof onPredictions>[3]) =>
  onPredictions(name, does, script, outcome, STREAMED);
const sometimes = (
  name: string,
  does: string,
  n: number,
  script: Script,
  outcome: Parameters<typeof onPredictions>[3],
) => onPredictions(name, does, script, outcome, { ...STREAMED, hits: oneIn(n) });

/** Faults of streamed answers that fail. */
const FAILING: readonly Mode[] = [
  written("stream-error", "fails behind two events", stream((all) => [...all.slice(0, 2), FAILURE, DONE]), REJECTED),
  sometimes(
    "stream-error-one-in-five",
    "fails behind two events of one stream in five",
    5,
    stream((all) => [...all.slice(0, 2), FAILURE, DONE]),
    REJECTED,
  ),
  written(
    "stream-error-by-name",
    "names an event error, and says no more",
    stream((all) => [all[0]!, "event: error\ndata: CUDA out of memory\n\n"]),
    fails(["rejected", "malformed"]),
  ),
  sometimes(
    "stream-error-in-escapes",
    "colours the terminal in the error of one stream in five",
    5,
    stream((all) => [all[0]!, `data: ${JSON.stringify({ error: { message: "\x1b[2J\x1b[31mred\x07\u202e" } })}\n\n`]),
    fails("rejected"),
  ),
  written(
    "stream-aborted",
    'ends with "abort"',
    stream((all) => [all[0]!, delta("", '"abort"'), DONE]),
    fails("rejected"),
  ),
  written(
    "stream-stops",
    "stops behind two events, without a word of the end",
    stream((all) => all.slice(0, 2)),
    MALFORMED,
  ),
  sometimes(
    "stream-stops-one-in-five",
    "stops so one stream in five",
    5,
    stream((all) => all.slice(0, 2)),
    fails("malformed", { says: /stops in the middle/ }),
  ),
  written(
    "stream-stops-in-event",
    "stops within an event",
    stream((all) => [all[0]!, all[1]!.slice(0, -10)]),
    MALFORMED,
  ),
  written(
    "stream-of-nothing",
    "streams the end and nothing before it",
    stream(() => [DONE]),
    fails(["rejected", "malformed"]),
  ),
  written(
    "stream-of-a-role",
    "streams a role and an end, and no token",
    stream(() => [delta(""), delta("", '"stop"'), DONE]),
    fails("rejected", { says: /empty/ }),
  ),
  written(
    "stream-of-broken-events",
    "streams events that are no JSON",
    stream(() => ["data: {oops\n\n", DONE]),
    MALFORMED,
  ),
  sometimes(
    "stream-of-nested-events",
    "nests 100,000 lists in an event of one stream in ten",
    10,
    stream((all) => [`data: ${"[".repeat(100_000)}${"]".repeat(100_000)}\n\n`, ...all]),
    MALFORMED,
  ),
  written(
    "no-stream",
    "answers all at once, though a stream is asked for",
    body(JSON.stringify({ object: "chat.completion", choices: [{ message: { content: "one two" } }] })),
    fails("malformed", { says: /not a stream/i }),
  ),
  written(
    "stream-never-ends",
    "streams a token each 20 ms without an end",
    endless(() => [], delta(" a"), 20),
    TIMEOUT,
  ),
  written("stream-floods", "streams tokens as fast as it can, without an end", async (exchange) => {
    await exchange.connection.write(HEAD);
    await flood(exchange, piece(delta(" a").repeat(200)));
  }, TOO_LARGE),
  written("stream-of-pings", "streams pings alone, each 50 ms", endless(() => [], PING, 50), TIMEOUT),
  written("stream-of-one-event", "streams an event without an end", async (exchange) => {
    await exchange.connection.write(`${HEAD}${piece('data: {"choices":[{"delta":{"content":"')}`);
    await flood(exchange, piece("word ".repeat(2000)));
  }, fails(["too-large", "timeout", "malformed"])),
  written("stream-stalls", "stops behind two tokens and keeps the connection", stall(2), TIMEOUT),
  sometimes("stream-stalls-one-in-twenty", "stalls so one stream in twenty", 20, stall(2), TIMEOUT),
];

/** Faults of streamed answers that are answers all the same. */
const WORKING: readonly Mode[] = [
  written(
    "choices-null",
    "ends with an event whose choices are null",
    stream((all) => [
      ...all.slice(0, -1),
      'data: {"choices":null}\n\n',
      DONE,
    ]),
    SUCCEEDS,
  ),
  written("no-done", "leaves out the word of the end", rewritten((text) => text.replace(DONE, "")), SUCCEEDS),
  written("no-usage", "counts no tokens", counted(null), SUCCEEDS),
  written(
    "usage-beyond",
    "counts 10^300 tokens",
    counted({ prompt_tokens: 1e300, completion_tokens: 1e300 }),
    SUCCEEDS,
  ),
  written(
    "usage-negative",
    "counts less than no tokens",
    counted({ prompt_tokens: -5, completion_tokens: -5 }),
    SUCCEEDS,
  ),
  written(
    "usage-in-words",
    "counts tokens in words",
    counted({ prompt_tokens: "many", completion_tokens: [] }),
    SUCCEEDS,
  ),
  written(
    "usage-always-the-same",
    "counts each prompt as 7 tokens",
    counted({ prompt_tokens: 7, completion_tokens: 4 }),
    {
      ...SUCCEEDS,
    },
  ),
  written(
    "cached-beyond-prompt",
    "had more of a prompt than it holds",
    counted({ prompt_tokens: 20, completion_tokens: 4, prompt_tokens_details: { cached_tokens: 1e9 } }),
    SUCCEEDS,
  ),
  written("events-in-crlf", "ends its lines with CRLF", rewritten((text) => text.replaceAll("\n", "\r\n")), SUCCEEDS),
  written("pings-between", "sends a ping between events", stream((all) => all.map((event) => PING + event)), SUCCEEDS),
  written("error-behind-the-end", "says an error behind the end", stream((all) => [...all, FAILURE]), SUCCEEDS),
  sometimes("first-token-late", "sends the first token of one stream in ten 300 ms later", 10, async (exchange) => {
    await pass(exchange, 300);
    await GOOD(exchange);
  }, SUCCEEDS),
  written("refuses-long-prompts", "refuses prompts of more than 200 words", async (exchange) => {
    const words = exchange.request.body.split(/\s+/).length;
    const refuse = status(400, `this model's maximum context length is ${LONGEST_WORDS} tokens`);
    await (words > LONGEST_WORDS ? refuse : GOOD)(exchange);
  }, { reasons: [], failing: "any" }),
  sometimes("refuses-one-in-five", "refuses one prompt in five with 400", 5, async (exchange) => {
    await exchange.connection.write(
      `HTTP/1.1 400 No\r\ncontent-length: ${bytesLength(errorBody("not this one"))}\r\n\r\n${
        errorBody("not this one")
      }`,
    );
  }, fails("status", { says: /not this one/ })),
];

/** Faults of streamed answers. */
export const STREAMS: readonly Mode[] = [...FAILING, ...WORKING];

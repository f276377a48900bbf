import { onCalls, REFUSES } from "../expected.ts";
import { from, type Hits, type Mode, oneIn, type Script } from "../mode.ts";
import { body, flood, GOOD, pass, say, sayAndReset, STALL, status, withHead } from "../server/scripts.ts";

const METADATA = /^GET \/v2\/models\/alpha$/, SERVER = /^GET \/v2$/, LIST = /^POST \/v2\/repository\/index/;
const LOAD = /^POST \/v2\/repository\/models\/alpha\/load/, UNLOAD = /^POST \/v2\/repository\/models\/alpha\/unload/;
const METRICS = /^GET \/metrics/,
  READY = /^GET \/v2\/models\/alpha\/ready/,
  STATISTICS = /^GET \/v2\/models\/alpha.*\/stats/;
const FINE = { reasons: [], failing: "none" } as const;
const KSERVE = { dialects: ["kserve-v2"] } as const;
/** Whatever is made of it, requests may be refused by the server, which knows its model better. */
const UNKNOWN = { reasons: ["status"], failing: "any" } as const;
const UNKNOWN_EXIT = { ...KSERVE, exit: [0, 2, 3] } as const;
const EITHER = { ...KSERVE, exit: [0, 3] } as const;
const ESCAPES = "\x1b[2J\x1b[31mred\x07";
const FIRST: Hits = { share: "some", hit: (number) => number === 1 };
/** A test that loads models ends as one whose model or server is lost, or leaves out what needs it. */
const LOADS = {
  ...KSERVE,
  exit: [0],
  exits: { latency: [0, 3, 6], memory: [0, 3, 6], comprehensive: [0, 3, 6], throughput: [0, 3, 6] },
} as const;

/** A hundred megabytes of JSON. */
const HUGE: Script = async (exchange) => {
  await exchange.connection.write(withHead([`content-length: ${100 * 2 ** 20}`], "["));
  await flood(exchange, " ".repeat(2 ** 20), 100);
};
const index = (models: unknown): Script => body(JSON.stringify(models));
const metadata = (more: object): Script => body(({ good }) => JSON.stringify({ ...JSON.parse(good.body), ...more }));

/** Faults of all requests but predictions, in the Open Inference Protocol. */
export const CALLS: readonly Mode[] = [
  onCalls(["server-is-garbage", "answers garbage when it is asked what it is", SERVER], body("what?"), FINE, EITHER),
  onCalls(["server-hangs", "never answers when it is asked what it is", SERVER], STALL, REFUSES, {
    ...KSERVE,
    says: /within \d+/,
  }),
  onCalls(
    ["server-is-nested", "nests 100,000 lists when it is asked what it is", SERVER],
    body("[".repeat(100_000) + "]".repeat(100_000)),
    FINE,
    EITHER,
  ),
  onCalls(
    ["server-in-escapes", "names itself in escapes of the terminal", SERVER],
    body(JSON.stringify({ name: ESCAPES, version: ESCAPES, extensions: [] })),
    FINE,
    KSERVE,
  ),
  onCalls(
    ["metadata-is-garbage", "answers garbage when it is asked for its model", METADATA],
    body("what?"),
    REFUSES,
    EITHER,
  ),
  onCalls(["metadata-hangs", "never answers when it is asked for its model", METADATA], STALL, REFUSES, {
    ...KSERVE,
    says: /within \d+/,
  }),
  onCalls(
    ["metadata-500", "answers 500 when it is asked for its model", METADATA],
    status(500, "no metadata"),
    REFUSES,
    { ...EITHER },
  ),
  onCalls(
    ["metadata-is-empty", "answers an empty body when it is asked for its model", METADATA],
    body(""),
    REFUSES,
    EITHER,
  ),
  onCalls(
    ["metadata-of-wrong-types", "says shapes and types of its model that are none", METADATA],
    metadata({
      inputs: [{ name: 7, datatype: null, shape: "wide" }],
      outputs: "many",
    }),
    UNKNOWN,
    UNKNOWN_EXIT,
  ),
  onCalls(
    ["metadata-of-a-huge-shape", "says an input of 10^12 elements", METADATA],
    metadata({
      inputs: [{ name: "x", datatype: "FP32", shape: [-1, 1e6, 1e6] }],
    }),
    UNKNOWN,
    UNKNOWN_EXIT,
  ),
  onCalls(
    ["metadata-of-a-negative-shape", "says an input of -7 elements", METADATA],
    metadata({
      inputs: [{ name: "x", datatype: "FP32", shape: [-1, -7] }],
    }),
    UNKNOWN,
    UNKNOWN_EXIT,
  ),
  onCalls(
    ["metadata-of-an-unknown-type", "says a type of elements that nobody knows", METADATA],
    metadata({
      inputs: [{ name: "x", datatype: "FP7", shape: [-1, 2] }],
    }),
    UNKNOWN,
    UNKNOWN_EXIT,
  ),
  onCalls(
    ["metadata-in-escapes", "names inputs in escapes of the terminal", METADATA],
    metadata({
      inputs: [{ name: ESCAPES, datatype: "BYTES", shape: [-1] }],
    }),
    UNKNOWN,
    UNKNOWN_EXIT,
  ),
  onCalls(["metadata-of-100-mb", "answers 100 MB when it is asked for its model", METADATA], HUGE, REFUSES, {
    ...KSERVE,
    exit: [0, 3],
  }),
  onCalls(
    ["ready-lies", "says that its model is not ready, and serves", READY],
    status(400, "not ready"),
    FINE,
    EITHER,
  ),
  onCalls(["first-call-is-reset", "resets the first question of all", /./], sayAndReset("HTTP/1.1 2"), FINE, {
    ...KSERVE,
    hits: FIRST,
    exit: [0, 3],
  }),
  onCalls(
    ["one-call-in-seven-is-reset", "resets one question in seven", /./],
    ({ connection }) => Promise.resolve(connection.reset()),
    FINE,
    {
      ...KSERVE,
      hits: oneIn(7),
      exits: { latency: [0, 3, 6], memory: [0, 3, 6], comprehensive: [0, 3, 6] },
      exit: [0, 3],
    },
  ),
  onCalls(["list-is-garbage", "lists its models as garbage", LIST], body("what?"), FINE, EITHER),
  onCalls(["list-hangs", "never answers when it is asked for its models", LIST], STALL, REFUSES, { ...EITHER }),
  onCalls(["list-500", "answers 500 when it is asked for its models", LIST], status(500, "no list"), FINE, EITHER),
  onCalls(
    ["list-in-escapes", "names models in escapes of the terminal", LIST],
    index([{ name: "alpha", state: "READY" }, { name: ESCAPES, state: ESCAPES, reason: ESCAPES }]),
    FINE,
    KSERVE,
  ),
  onCalls(
    ["list-of-10000", "lists 10,000 models", LIST],
    index(Array.from({ length: 10_000 }, (_, n) => ({ name: n === 0 ? "alpha" : `model-${n}`, state: "READY" }))),
    FINE,
    KSERVE,
  ),
  onCalls(
    ["list-of-wrong-types", "lists models that are none", LIST],
    index([null, 7, { name: 7 }, { state: "READY" }, []]),
    FINE,
    EITHER,
  ),
  onCalls(["list-of-100-mb", "lists 100 MB", LIST], HUGE, REFUSES, { ...KSERVE, exit: [0, 3] }),
  onCalls(
    ["metrics-are-garbage", "answers garbage for metrics", METRICS],
    body("process_resident_memory_bytes NaN\nhello world 1 2 3 4\n# TYPE\n{}{}{} 7\n"),
    FINE,
    KSERVE,
  ),
  onCalls(
    ["metrics-of-wrong-numbers", "answers metrics beyond all numbers", METRICS],
    body("process_resident_memory_bytes 1e999\nprocess_resident_memory_bytes -5\n"),
    FINE,
    KSERVE,
  ),
  onCalls(
    ["metrics-are-endless", "answers metrics without an end", METRICS],
    async (exchange) => {
      await exchange.connection.write(withHead([], ""));
      await flood(exchange, 'some_metric{label="value"} 1\n'.repeat(1000));
    },
    FINE,
    EITHER,
  ),
  onCalls(["metrics-hang", "never answers when it is asked for metrics", METRICS], STALL, FINE, EITHER),
  onCalls(
    ["statistics-are-wrong", "answers statistics that are none", STATISTICS],
    body('{"model_stats":[{"name":7,"inference_count":-1e300}]}'),
    FINE,
    KSERVE,
  ),
  onCalls(["load-hangs", "never answers when it is asked to load", LOAD], STALL, FINE, LOADS),
  onCalls(["load-500", "answers 500 when it is asked to load", LOAD], status(500, "no memory"), FINE, LOADS),
  onCalls(
    ["load-is-reset", "resets when it is asked to load", LOAD],
    ({ connection }) => Promise.resolve(connection.reset()),
    FINE,
    LOADS,
  ),
  onCalls(
    ["load-is-slow", "takes 300 ms to load", LOAD],
    async (exchange) => {
      await pass(exchange, 300);
      await GOOD(exchange);
    },
    FINE,
    KSERVE,
  ),
  onCalls(["load-is-garbage", "answers garbage when it is asked to load", LOAD], say("nonsense\r\n\r\n"), FINE, LOADS),
  onCalls(["second-load-hangs", "loads once, and never answers the second time", LOAD], STALL, FINE, {
    ...LOADS,
    hits: from(2),
  }),
  onCalls(["unload-500", "answers 500 when it is asked to unload", UNLOAD], status(500, "busy"), FINE, LOADS),
  onCalls(["unload-hangs", "never answers when it is asked to unload", UNLOAD], STALL, FINE, LOADS),
  onCalls(["unload-does-nothing", "says that it unloads and does not", UNLOAD], body("{}"), FINE, LOADS),
];

import { type OptionSpec, TEST_TYPES } from "./option_spec.ts";

/** Most of a concurrency or a batch size: more exhausts the client, not the server. */
const MOST_AT_ONCE = 4096;

/** Most requests per second that can be meant: a client reaches some thousands. */
const MOST_PER_SECOND = 1_000_000;

/** What `--arrivals` takes. */
export const ARRIVALS = ["constant", "poisson"] as const;

/** Options that say what to measure. */
export const MEASURE_OPTIONS = [
  {
    name: "test-type",
    group: "What to measure",
    value: { kind: "choice", placeholder: "TYPE", choices: TEST_TYPES },
    description: "The test",
    default: "comprehensive",
  },
  {
    name: "model",
    group: "What to measure",
    value: { kind: "text", placeholder: "NAME" },
    description: "The model; the server is asked to download and load it if need be",
    default: "the first that is loaded, on the embedded server mobilenet_v2",
  },
  {
    name: "quick",
    group: "What to measure",
    value: { kind: "flag" },
    description: "A first look: fewer levels and cold starts, shorter minimum times",
  },
  {
    name: "duration",
    group: "What to measure",
    value: { kind: "seconds", least: 0.1, most: 86_400 },
    description: "Longest time of one level",
    default: "8, in a comprehensive test 4, with --quick 1.2",
  },
  {
    name: "requests",
    group: "What to measure",
    value: { kind: "whole", least: 1, most: 10_000_000 },
    description: "End each level after this many requests instead of by precision",
  },
  {
    name: "warmup",
    group: "What to measure",
    value: { kind: "whole", least: 0, most: 100_000 },
    description: "Requests before each level that are not measured",
    default: "the concurrency, at least 10",
  },
  {
    name: "concurrency",
    group: "What to measure",
    value: { kind: "whole", least: 1, most: MOST_AT_ONCE },
    description: "Requests outstanding at any time",
    default: "1, memory 4",
    tests: ["basic", "throughput", "memory", "ab", "comprehensive"],
  },
  {
    name: "batch-size",
    group: "What to measure",
    value: { kind: "whole", least: 1, most: MOST_AT_ONCE },
    description: "Items in a request",
    default: "1",
    tests: ["basic", "latency", "scalability", "load", "ab", "comprehensive"],
  },
  {
    name: "batch-sizes",
    group: "What to measure",
    value: { kind: "list", least: 1, most: MOST_AT_ONCE },
    description: "Batch sizes to compare",
    default: "1,2,4,8,16,32, with --quick and memory 1,4,16",
    tests: ["throughput", "memory", "comprehensive"],
  },
  {
    name: "max-batch-delay",
    group: "What to measure",
    value: { kind: "seconds", least: 0.001, most: 60 },
    description: "Longest that a server which makes batches itself (TorchServe) waits for one to fill",
    default: "what the model is registered with",
    tests: ["throughput", "comprehensive"],
  },
  {
    name: "levels",
    group: "What to measure",
    value: { kind: "list", least: 1, most: MOST_AT_ONCE },
    description: "Concurrencies to compare",
    default: "1,2,4,8,16,32, with --quick 1,2,4,8",
    tests: ["scalability", "comprehensive"],
  },
  {
    name: "cold-starts",
    group: "What to measure",
    value: { kind: "whole", least: 1, most: 1000 },
    description: "Times the model is unloaded, loaded and asked",
    default: "5, with --quick 3",
    tests: ["latency", "comprehensive"],
  },
  {
    name: "rate",
    group: "What to measure",
    value: { kind: "number", least: 0.001, most: MOST_PER_SECOND },
    description: "Send so many requests per second, whether or not earlier ones were answered (open loop)",
    default: "a closed loop",
    tests: ["basic"],
  },
  {
    name: "rates",
    group: "What to measure",
    value: { kind: "numbers", least: 0.001, most: MOST_PER_SECOND },
    description: "Arrival rates to compare, requests per second",
    default: "steps up to saturation",
    tests: ["load"],
  },
  {
    name: "arrivals",
    group: "What to measure",
    value: { kind: "choice", placeholder: "KIND", choices: ARRIVALS },
    description: "How requests of a rate arrive: evenly, or independently as from many users",
    default: "poisson",
    tests: ["basic", "load"],
  },
  {
    name: "burst",
    group: "What to measure",
    value: { kind: "whole", least: 1, most: 10_000 },
    description: "Requests that arrive at once, the mean rate kept",
    default: "1",
    tests: ["basic", "load"],
  },
  {
    name: "ramp",
    group: "What to measure",
    value: { kind: "text", placeholder: "FROM:TO" },
    description: "Arrival rates between which one window rises or falls, requests per second",
    tests: ["load"],
  },
  {
    name: "trace",
    group: "What to measure",
    value: { kind: "text", placeholder: "FILE" },
    description: "Moments of recorded requests to replay: seconds, one a line, ascending",
    tests: ["load"],
  },
  {
    name: "slo",
    group: "What to measure",
    value: { kind: "text", placeholder: "OBJECTIVES" },
    description: "Find the highest rate and concurrency that hold, for example p99<100ms,errors<1%",
    tests: ["load"],
  },
  {
    name: "max-connections",
    group: "What to measure",
    value: { kind: "whole", least: 1, most: 16_384 },
    description: "Most connections of an open loop; requests beyond wait in the client and their latency counts on",
    default: "512",
    tests: ["basic", "load"],
  },
  {
    name: "blocks",
    group: "What to measure",
    value: { kind: "whole", least: 2, most: 1000 },
    description: "Blocks of four visits, each server twice; more find a smaller difference",
    default: "10, with --quick 6",
    tests: ["ab"],
  },
  {
    name: "input-data",
    group: "What to measure",
    value: { kind: "text", placeholder: "PATH" },
    description:
      "Items to send: .json (a list of items, or one), .jsonl (one a line), .txt (one text a line), .npy, .png, .jpg, .wav, .bin, or a folder of them, used in turn",
    default: "made from what the server says of the model",
  },
  {
    name: "input-shape",
    group: "What to measure",
    value: { kind: "text", placeholder: "NAME:N,N,..." },
    description: "Dimensions of one of the model's inputs, for those that may have any; may be given several times",
    default: "what the server says, 16 where it takes any",
    repeatable: true,
  },
  {
    name: "input-datatype",
    group: "What to measure",
    value: { kind: "text", placeholder: "NAME:TYPE" },
    description: "Element type of one of the model's inputs: FP32, INT64, ...; may be given several times",
    default: "what the server says",
    repeatable: true,
  },
  {
    name: "priority",
    group: "What to measure",
    value: { kind: "whole", least: 0, most: 1000 },
    description: "Scheduling priority of every request, for servers that have one",
  },
  {
    name: "allow-null-results",
    group: "What to measure",
    value: { kind: "flag" },
    description: "Count null results as predictions instead of failures",
  },
  {
    name: "seed",
    group: "What to measure",
    value: { kind: "whole", least: 0, most: 2 ** 32 - 1 },
    description: "Seed of everything random",
    default: "1",
  },
] as const satisfies readonly OptionSpec[];

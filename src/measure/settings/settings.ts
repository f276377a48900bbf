import { GIVEN_INPUT_TESTS, LEVEL_TESTS, type Setting, type SettingKey, type Settings, TEST_NAMES } from "./setting.ts";

/** Most of a batch size: more exhausts the client, not the server. */
const MOST_AT_ONCE = 4096;

/** Most connections: an address has no more ports. What is above the cap is likely a slip, and hurts who shares the server. */
const CONNECTIONS = { most: 65_535, cap: 4096 } as const;

/** Most requests per second: a client reaches some thousands, so that more than the cap is likely a slip. */
const PER_SECOND = { most: 1_000_000_000, cap: 1_000_000 } as const;

/**
 * Every setting of the tests. What the library refuses, which defaults the tests take, what the command line reads, its help
 * and the table of the README come from here: to add a setting, add its row and its key to the options of its tests.
 */
export const SETTINGS = {
  quick: {
    value: { kind: "flag" },
    meaning: "A first look: fewer levels and cold starts, shorter minimum times",
  },
  full: {
    value: { kind: "flag" },
    meaning: "Visit every level of the sweeps twice, also one that can no longer be the optimum",
    default: "a sweep alone does",
    tests: ["comprehensive"],
  },
  durationMs: {
    value: { kind: "ms", least: 100, most: 86_400_000 },
    meaning: "Longest time of one level; for ab the time of each server",
    default: {
      usual: 8000,
      quick: 1200,
      of: {
        load: { usual: 5000, quick: 1500 },
        prompts: { usual: 8000, quick: 5000 },
        comprehensive: { usual: 4000, quick: 1200 },
      },
      note: "for basic at a rate as for load; ab half a second a visit",
    },
    tests: LEVEL_TESTS,
    counterpart: "soakMs",
  },
  requests: {
    value: { kind: "whole", least: 1, most: 10_000_000 },
    meaning:
      "End each level after this many requests instead of by precision; at a rate after the time in which so many are due; for ab each visit",
    tests: LEVEL_TESTS,
  },
  warmUpRequests: {
    name: "warmup",
    value: { kind: "whole", least: 0, most: 10_000_000 },
    meaning: "Requests before each level that are not measured",
    default:
      "the concurrency, at least 10; for basic at a rate those of a second, at least 10; load those of a second, at least 10, none before a ramp or a trace; ab the concurrency",
  },
  concurrency: {
    value: { kind: "whole", least: 1, ...CONNECTIONS },
    meaning: "Requests outstanding at any time",
    default: { usual: 1, of: { memory: { usual: 4 } } },
    tests: ["basic", "throughput", "memory", "prompts", "ab", "comprehensive"],
    counterpart: "levels",
  },
  batchSize: {
    value: { kind: "whole", least: 1, most: MOST_AT_ONCE },
    meaning: "Items in a request",
    default: { usual: 1 },
    tests: ["basic", "latency", "scalability", "memory", "load", "ab", "comprehensive"],
    counterpart: "batchSizes",
  },
  batchSizes: {
    value: { kind: "wholes", least: 1, most: MOST_AT_ONCE },
    meaning: "Batch sizes to compare",
    default: { usual: [1, 2, 4, 8, 16, 32], quick: [1, 4, 16], of: { memory: { usual: [1, 4, 16] } } },
    tests: ["throughput", "memory", "comprehensive"],
    counterpart: "batchSize",
  },
  maxBatchDelayMs: {
    value: { kind: "ms", least: 1, most: 60_000 },
    meaning: "Longest that a server which makes batches itself (TorchServe) waits for one to fill",
    default: "what the model is registered with",
    tests: ["throughput", "comprehensive"],
    ownServer: true,
  },
  levels: {
    value: { kind: "wholes", least: 1, ...CONNECTIONS },
    meaning: "Concurrencies to compare",
    default: { usual: [1, 2, 4, 8, 16, 32], quick: [1, 2, 4, 8] },
    tests: ["scalability", "comprehensive"],
    counterpart: "concurrency",
  },
  promptLengths: {
    value: { kind: "wholes", least: 8, most: 1_000_000 },
    meaning: "Lengths of prompts to compare, words: most vocabularies have each as one token",
    default: { usual: [32, 64, 128, 256, 512], quick: [32, 128, 512] },
    tests: ["prompts", "comprehensive"],
  },
  coldStarts: {
    value: { kind: "whole", least: 1, most: 1000 },
    meaning: "Times the model is unloaded, loaded and asked after a first one, and a server started",
    default: { usual: 5, quick: 3 },
    tests: ["latency", "comprehensive"],
  },
  followUps: {
    value: { kind: "whole", least: 1, most: 1000 },
    meaning: "Inferences after each cold start, for the warm-up curve",
    default: { usual: 10 },
    tests: ["latency", "comprehensive"],
  },
  noUnload: {
    value: { kind: "flag" },
    meaning: "Never unload the model: no cold starts, no footprint",
    tests: ["latency", "throughput", "memory", "comprehensive"],
  },
  soakMs: {
    name: "soak",
    value: { kind: "ms", least: 100, most: 86_400_000 },
    meaning: "Length of the steady load that a growth of memory is looked for in",
    default: { usual: 8000, quick: 2000 },
    tests: ["memory", "comprehensive"],
  },
  cycles: {
    value: { kind: "whole", least: 0, most: 1000 },
    meaning: "Cycles of load, inferences and unload that are looked at for what they leave behind",
    default: { usual: 5, quick: 0 },
    tests: ["memory", "comprehensive"],
  },
  pid: {
    value: { kind: "pids", least: 1, most: 2 ** 32 - 1 },
    meaning: "Process whose memory is the server's, with all that descend from it; may be given several times",
    default: "the one that listens on the server's port",
    tests: ["memory", "comprehensive"],
    about: "server",
    ownServer: true,
  },
  gpuMetricsUrl: {
    value: { kind: "metrics-url" },
    meaning: "Metrics of the server's GPUs, from a DCGM exporter or Triton. A password in it is shown nowhere",
    default: "this machine's GPUs, where the server runs on it",
    tests: TEST_NAMES,
    about: "server",
    ownServer: true,
  },
  gpuDevices: {
    value: { kind: "gpus" },
    meaning: "GPUs of the server, by number or UUID",
    default: "those that its processes use; from elsewhere all",
    tests: TEST_NAMES,
    about: "server",
    ownServer: true,
  },
  ratePerSecond: {
    name: "rate",
    value: { kind: "number", least: 0.001, ...PER_SECOND },
    meaning: "Send so many requests per second, whether or not earlier ones were answered (open loop)",
    default: "a closed loop",
    tests: ["basic"],
    not: ["concurrency"],
  },
  rates: {
    value: { kind: "numbers", least: 0.001, ...PER_SECOND },
    meaning: "Arrival rates to compare, requests per second",
    default: "steps up to saturation",
    tests: ["load"],
    not: ["ramp", "traceMs"],
  },
  ramp: {
    value: { kind: "span", least: 0, ...PER_SECOND },
    meaning: "Arrival rates between which one window rises or falls, requests per second",
    tests: ["load"],
    not: ["traceMs"],
  },
  traceMs: {
    value: { kind: "moments" },
    meaning: "Moments of recorded requests to replay: seconds, one a line, ascending",
    tests: ["load"],
  },
  arrivals: {
    value: { kind: "choice", choices: ["constant", "poisson"] },
    meaning: "How requests of a rate arrive: evenly, or independently as from many users",
    default: { usual: "poisson" },
    tests: ["basic", "load"],
  },
  burst: {
    value: { kind: "whole", least: 1, most: 10_000 },
    meaning: "Requests that arrive at once, the mean rate kept",
    default: { usual: 1 },
    tests: ["basic", "load"],
  },
  objectives: {
    name: "slo",
    value: { kind: "objectives" },
    meaning: "Find the highest rate and concurrency that hold, for example p99<100ms,errors<1%",
    tests: ["load"],
  },
  goodput: {
    value: { kind: "limits" },
    meaning: "Count the requests that keep all of these limits, for example ttft<300ms,tpot<40ms or latency<100ms",
    default: "no goodput is told",
  },
  maxConnections: {
    value: { kind: "whole", least: 1, ...CONNECTIONS },
    meaning: "Most connections of an open loop; requests beyond wait in the client and their latency counts on",
    default: { usual: 512 },
    tests: ["basic", "load"],
  },
  heavyLoad: {
    name: "allow-heavy-load",
    value: { kind: "flag" },
    meaning:
      "Lift the caps: more than 4096 connections, 1000000 requests per second, or 1 GiB of requests on their way at once",
  },
  respectRetryAfter: {
    value: { kind: "flag" },
    meaning:
      "Send nothing for as long as a 429 or 503 of the server asks for (Retry-After), at most 60 s at a time; the results say what that did to them",
  },
  blocks: {
    value: { kind: "whole", least: 2, most: 1000 },
    meaning: "Blocks of four visits, each server twice; more find a smaller difference",
    default: { usual: 10, quick: 6 },
    tests: ["ab"],
  },
  inputs: {
    name: "input-data",
    about: "inputs",
    value: { kind: "items" },
    meaning:
      "Items to send: .json (a list of items, one, or perf_analyzer's data), .jsonl (one a line), .txt (one text a line), .npy, .npz, any other file as an image or as bytes, or a folder of items or of a file for each input, used in turn",
    default: "made from what the server says of the model",
    tests: GIVEN_INPUT_TESTS,
  },
  repeatInputs: {
    about: "inputs",
    value: { kind: "flag" },
    meaning: "Send the same requests again and again, instead of each with a few elements or words of its own",
  },
  cacheCheck: {
    about: "inputs",
    value: { kind: "flag" },
    meaning: "Tell a response cache: compare repeated requests with new ones, a few hundred at most",
    default: "comprehensive does",
    tests: ["basic", "comprehensive"],
  },
  priority: {
    about: "inputs",
    value: { kind: "whole", least: 0, most: 1000 },
    meaning: "Scheduling priority of every request, for servers that have one",
  },
  parameters: {
    name: "parameter",
    about: "inputs",
    value: { kind: "parameters" },
    meaning: "A parameter of every request (KServe v2): a number, true, false or a text; may be given several times",
  },
  sequenceLength: {
    about: "inputs",
    value: { kind: "whole", least: 1, most: 1_000_000 },
    meaning: "Requests in a sequence of a stateful model (KServe v2); each connection sends one after another",
    default: { usual: 20 },
  },
  sequence: {
    about: "inputs",
    value: { kind: "flag" },
    meaning: "The model is stateful: each request belongs to a sequence (KServe v2)",
    default: "what the model's configuration says",
  },
  allowNullResults: {
    about: "inputs",
    value: { kind: "flag" },
    meaning: "Count null results as predictions instead of failures",
  },
  seed: {
    value: { kind: "whole", least: 0, most: 2 ** 32 - 1 },
    meaning: "Seed of everything random",
    default: { usual: 1 },
  },
  timeoutMs: {
    value: { kind: "ms", least: 10, most: 3_600_000 },
    meaning: "Deadline of one request, and of each other call to the server that loads nothing",
    default: { usual: 30_000 },
    about: "server",
  },
  loadTimeoutMs: {
    value: { kind: "ms", least: 100, most: 86_400_000 },
    meaning: "Longest to wait for the server to load or register a model, or for a download to go on",
    default: { usual: 120_000, note: "a download 600 s" },
    about: "server",
  },
} as const satisfies { readonly [Key in SettingKey]-?: Setting<Required<Settings>[Key]> };

/** The rows of {@linkcode SETTINGS} with their keys, in the order in which they are listed. */
export const SETTING_ROWS: readonly (readonly [SettingKey, Setting])[] = Object.entries(SETTINGS) as [
  SettingKey,
  Setting,
][];

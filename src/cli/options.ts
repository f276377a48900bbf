import { TEST_KINDS } from "../core/result.ts";
import { PROTOCOLS } from "../protocols/detect.ts";
import { GENERIC } from "../protocols/generic.ts";

/** What `--test-type` takes. */
export const TEST_TYPES = [...TEST_KINDS, "load", "ab", "comprehensive"] as const;

/** One member of {@linkcode TEST_TYPES}. */
export type TestType = typeof TEST_TYPES[number];

/** What `--format` takes. */
export const OUTPUT_FORMATS = ["text", "json", "csv"] as const;

/** One member of {@linkcode OUTPUT_FORMATS}. */
export type OutputFormat = typeof OUTPUT_FORMATS[number];

/** What `--protocol` takes. */
export const PROTOCOL_NAMES: readonly string[] = ["auto", ...PROTOCOLS.map(({ name }) => name), GENERIC];

/** What may stand behind an option. Bounds are inclusive. */
export type OptionValue =
  | { readonly kind: "flag" }
  | { readonly kind: "text"; readonly placeholder: string }
  | { readonly kind: "choice"; readonly placeholder: string; readonly choices: readonly string[] }
  | {
    readonly kind: "seconds" | "whole" | "number" | "list" | "numbers";
    readonly least: number;
    readonly most: number;
  };

/** One option of the command line. */
export interface OptionSpec {
  /** Name without the dashes. */
  readonly name: string;
  /** One letter that means the same. */
  readonly short?: string;
  /** Heading below which the help lists it. */
  readonly group: "What to measure" | "The server" | "Results" | "Instead of a test";
  /** What stands behind it. */
  readonly value: OptionValue;
  /** What it is, for people. */
  readonly description: string;
  /** What holds without it, for people. */
  readonly default?: string;
  /** The tests that it applies to. @default {all, and what is asked for instead of a test does not take it} */
  readonly tests?: readonly TestType[];
  /** Whether it may be given several times. @default {false} */
  readonly repeatable?: true;
}

/** Most of a concurrency or a batch size: more exhausts the client, not the server. */
const MOST_AT_ONCE = 4096;

/** Most requests per second that can be meant: a client reaches some thousands. */
const MOST_PER_SECOND = 1_000_000;

/** What `--arrivals` takes. */
export const ARRIVALS = ["constant", "poisson"] as const;

/** Every option: what is read, what the help shows and what the README lists come from here. */
export const OPTIONS = [
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
    default: "8, in a comprehensive test 4, with --quick 1.5",
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
  {
    name: "url",
    group: "The server",
    value: { kind: "text", placeholder: "URL" },
    description: "Base URL of the server; for ab twice, the first being what the second is held against",
    default: "an embedded server is started, used and stopped",
    repeatable: true,
  },
  {
    name: "protocol",
    group: "The server",
    value: { kind: "choice", placeholder: "NAME", choices: PROTOCOL_NAMES },
    description: "How to talk to the server",
    default: "auto: asks the server",
  },
  {
    name: "generic",
    group: "The server",
    value: { kind: "text", placeholder: "FILE.json" },
    description:
      "Description of a server that speaks no known protocol: its requests, with templates, and JSON pointers into its answers",
  },
  {
    name: "header",
    group: "The server",
    value: { kind: "text", placeholder: "'Name: value'" },
    description: "Goes with every request; may be given several times",
    repeatable: true,
  },
  {
    name: "token-env",
    group: "The server",
    value: { kind: "text", placeholder: "VAR" },
    description: "Environment variable with a token that goes with every request as a bearer token",
  },
  {
    name: "token-file",
    group: "The server",
    value: { kind: "text", placeholder: "FILE" },
    description: "File with such a token, or the key_file.json of TorchServe with both of its",
  },
  {
    name: "management-url",
    group: "The server",
    value: { kind: "text", placeholder: "URL" },
    description: "Base URL of the management API (TorchServe)",
    default: "the port behind that of --url",
  },
  {
    name: "management-token-env",
    group: "The server",
    value: { kind: "text", placeholder: "VAR" },
    description: "Environment variable with the token of the management API, where it is another",
  },
  {
    name: "management-token-file",
    group: "The server",
    value: { kind: "text", placeholder: "FILE" },
    description: "File with that token",
  },
  {
    name: "metrics-url",
    group: "The server",
    value: { kind: "text", placeholder: "URL" },
    description: "Base URL of the metrics (TorchServe)",
    default: "the second port behind that of --url",
  },
  {
    name: "reregister",
    group: "The server",
    value: { kind: "flag" },
    description:
      "TorchServe: a cold start registers the model anew, archive included, instead of only starting its worker",
    tests: ["latency", "memory", "comprehensive"],
  },
  {
    name: "ca-file",
    group: "The server",
    value: { kind: "text", placeholder: "FILE" },
    description: "Certificate of the authority that the server's certificate is checked with, PEM",
    default: "those that Deno trusts",
  },
  {
    name: "client-cert",
    group: "The server",
    value: { kind: "text", placeholder: "FILE" },
    description: "Certificate that the client shows, PEM; with --client-key",
  },
  {
    name: "client-key",
    group: "The server",
    value: { kind: "text", placeholder: "FILE" },
    description: "Private key of that certificate, PEM",
  },
  {
    name: "unix-socket",
    group: "The server",
    value: { kind: "text", placeholder: "PATH" },
    description: "Unix socket to connect to; --url gives the host's name and the path",
  },
  {
    name: "proxy",
    group: "The server",
    value: { kind: "text", placeholder: "URL" },
    description: "HTTP proxy; https goes through a tunnel. A password in it is shown nowhere",
  },
  {
    name: "timeout",
    group: "The server",
    value: { kind: "seconds", least: 0.01, most: 3600 },
    description: "Deadline of one request",
    default: "30",
  },
  {
    name: "pid",
    group: "The server",
    value: { kind: "whole", least: 1, most: 2 ** 32 - 1 },
    description: "Process whose memory is the server's",
    default: "the one that listens on the port of --url",
    tests: ["memory", "comprehensive"],
  },
  {
    name: "format",
    group: "Results",
    value: { kind: "choice", placeholder: "FORMAT", choices: OUTPUT_FORMATS },
    description: "How results are written",
    default: "by the ending of --output, else text",
  },
  {
    name: "output",
    group: "Results",
    value: { kind: "text", placeholder: "FILE" },
    description: "Where results are written",
    default: "stdout",
  },
  {
    name: "report",
    group: "Results",
    value: { kind: "text", placeholder: "FILE.html" },
    description: "Where a report with charts is written besides",
  },
  {
    name: "gate",
    group: "Results",
    value: { kind: "text", placeholder: "OBJECTIVES" },
    description:
      "End with 1 unless the results keep these, for example 'p99<100ms,errors<1%' in quotes; see Objectives in --help",
  },
  {
    name: "gate-lenient",
    group: "Results",
    value: { kind: "flag" },
    description: "Let an objective pass whose interval straddles its limit, instead of counting it as missed",
  },
  {
    name: "baseline",
    group: "Results",
    value: { kind: "text", placeholder: "FILE.json" },
    description:
      "End with 1 if a headline number is worse than in this results file, beyond its interval and the limit",
  },
  {
    name: "max-regression",
    group: "Results",
    value: { kind: "text", placeholder: "PERCENT" },
    description: "The limit of --baseline",
    default: "5%",
  },
  {
    name: "verbose",
    group: "Results",
    value: { kind: "flag" },
    description: "Say on stderr what is being done",
  },
  {
    name: "list-models",
    group: "Instead of a test",
    value: { kind: "flag" },
    description: "List the models that the server has",
  },
  {
    name: "list-downloadable",
    group: "Instead of a test",
    value: { kind: "flag" },
    description: "List the models that the server can download",
  },
  {
    name: "download",
    group: "Instead of a test",
    value: { kind: "text", placeholder: "NAME" },
    description: "Have the server download a model",
  },
  { name: "help", short: "h", group: "Instead of a test", value: { kind: "flag" }, description: "Show this help" },
  { name: "version", group: "Instead of a test", value: { kind: "flag" }, description: "Show the version" },
] as const satisfies readonly OptionSpec[];

/** Name of one option. */
export type OptionName = typeof OPTIONS[number]["name"];

/**
 * The option of a name.
 *
 * @param name Its name without the dashes.
 */
export function optionNamed(name: OptionName): OptionSpec {
  return OPTIONS.find((option) => option.name === name)!;
}

/**
 * What stands for an option's value in help and messages.
 *
 * @param value What the option takes.
 * @returns `""` for a flag.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(placeholderOf({ kind: "list", least: 1, most: 8 }), "N,N,...");
 * ```
 */
export function placeholderOf(value: OptionValue): string {
  switch (value.kind) {
    case "flag":
      return "";
    case "text":
    case "choice":
      return value.placeholder;
    case "seconds":
      return "SECONDS";
    case "whole":
    case "number":
      return "N";
    case "list":
    case "numbers":
      return "N,N,...";
  }
}

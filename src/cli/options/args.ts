import type { AbOptions, MemoryOptions } from "../../measure/settings/options.ts";
import { UsageError } from "../../core/errors.ts";
import type { AllOptions } from "../../test_types/comprehensive.ts";
import { parseServerUrl } from "../../wire/url.ts";
import { checkCombination } from "./combination.ts";
import { readHeaders } from "../inputs/given_headers.ts";
import { type GateOptions, readGateOptions } from "./gate_options.ts";
import type { GivenOptions } from "./given_options.ts";
import { type InputOverrides, readInputOverrides } from "../inputs/input_overrides.ts";
import { ARRIVALS, OUTPUT_FORMATS, type OutputFormat, PROTOCOL_NAMES, TEST_TYPES, type TestType } from "./options.ts";
import { readOptions } from "./read_options.ts";
import { type AccessArguments, readAccess } from "../commands/server_access.ts";

/** Where the server is and how to talk to it. */
export interface ServerArguments {
  /** Base URL, or `null` for the embedded server. */
  readonly url: string | null;
  /** Name of the protocol, or `auto`. */
  readonly protocol: string;
  /** Headers of every request, the token of `--token-env` among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** How to get there otherwise. */
  readonly access: AccessArguments;
}

/** Options for the tests, as far as they were given. Every test's own options are a part of them. */
export type RunOptions = Omit<
  AllOptions & MemoryOptions & AbOptions,
  | "signal"
  | "onProgress"
  | "clock"
  | "inputs"
  | "followUps"
  | "loadTimeoutMs"
  | "soakMs"
  | "cycles"
  | "traceMs"
>;

/** A test to run. */
export interface RunCommand extends GateOptions {
  /** Says that it is a test. */
  readonly kind: "run";
  /** Which test. */
  readonly testType: Exclude<TestType, "ab">;
  /** Which server. */
  readonly server: ServerArguments;
  /** Name or alias of the model, or `null` if none was named. */
  readonly model: string | null;
  /** Options of the test that were given; of others there are none. */
  readonly options: RunOptions;
  /** File with moments to replay, or `null`. */
  readonly trace: string | null;
  /** File or folder with the items to send, or `null`. */
  readonly inputData: string | null;
  /** Shapes and element types of the model's inputs that were given. */
  readonly inputOverrides: InputOverrides;
  /** How results are written. */
  readonly format: OutputFormat;
  /** File for the results, or `null` for stdout. */
  readonly output: string | null;
  /** File for the HTML report, or `null`. */
  readonly report: string | null;
  /** Whether to say on stderr what is being done. */
  readonly verbose: boolean;
}

/** Two servers to measure alternately. */
export interface AbCommand
  extends Pick<RunCommand, "model" | "options" | "inputData" | "inputOverrides" | "format" | "output" | "verbose"> {
  /** Says that it is an A/B test. */
  readonly kind: "ab";
  /** The first server, which the second is held against, and the second. */
  readonly servers: readonly [ServerArguments, ServerArguments];
}

/** Something to ask of a server instead of a test. */
export interface ServerCommand {
  /** Which server. */
  readonly server: ServerArguments;
  /** Deadline of one request, ms, or `null` if none was given. */
  readonly timeoutMs: number | null;
  /** Whether to say on stderr what is being done. */
  readonly verbose: boolean;
}

/** What the command line asks for. */
export type CommandLine =
  | RunCommand
  | AbCommand
  | ServerCommand & { readonly kind: "list-models" | "list-downloadable" }
  | ServerCommand & { readonly kind: "download"; readonly model: string }
  | { readonly kind: "help" | "version" };

/**
 * Reads the command line. Nothing is opened or asked: files and the server come later.
 *
 * @param argv Arguments without the program's name.
 * @param environment Reads an environment variable; `--token-env` names one.
 * @returns What is asked for; help wins over everything, mistakes included.
 * @throws {UsageError} If an option is unknown, lacks its value, has one that cannot be, is given twice, or would be
 * ignored beside the others. Messages hold no values of headers or tokens.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const command = parseCommandLine(["--test-type", "throughput", "--batch-sizes", "8,1,1"], () => undefined);
 * assertEquals(command.kind === "run" && command.options, { batchSizes: [1, 8] });
 * ```
 */
export function parseCommandLine(
  argv: readonly string[],
  environment: (name: string) => string | undefined = (name) => Deno.env.get(name),
): CommandLine {
  if (argv.includes("--help") || argv.includes("-h")) return { kind: "help" };
  if (argv.includes("--version")) return { kind: "version" };
  const given = readOptions(argv);
  const testType = given.choice("test-type", TEST_TYPES) ?? "comprehensive";
  const command = checkCombination(given, testType);
  if (testType === "ab" && command === null) return abCommand(given, environment);
  const server: ServerArguments = {
    url: serverUrl(given),
    protocol: given.choice("protocol", PROTOCOL_NAMES) ?? "auto",
    headers: readHeaders(given, environment),
    access: readAccess(given, environment),
  };
  const verbose = given.has("verbose");
  const timeoutMs = given.milliseconds("timeout") ?? null;
  if (command === "download") return { kind: command, model: given.text("download")!, server, timeoutMs, verbose };
  if (command !== null) return { kind: command, server, timeoutMs, verbose };
  return {
    kind: "run",
    testType: testType as RunCommand["testType"],
    server,
    model: given.text("model") ?? null,
    options: runOptions(given),
    trace: given.text("trace") ?? null,
    inputData: given.text("input-data") ?? null,
    inputOverrides: readInputOverrides(given),
    ...resultFiles(given),
    ...readGateOptions(given, testType as RunCommand["testType"]),
    verbose,
  };
}

/** Options for what a results file holds or is held against, which an A/B test does not make. */
const NOT_FOR_AB = ["report", "gate", "gate-lenient", "baseline", "max-regression"] as const;

function abCommand(given: GivenOptions, environment: (name: string) => string | undefined): AbCommand {
  const misplaced = NOT_FOR_AB.find((name) => given.has(name));
  if (misplaced !== undefined) {
    throw new UsageError(`Cannot run the ab test with "--${misplaced}" as that is for the other tests`, {
      hint: "Leave it out.",
    });
  }
  const urls = given.texts("url");
  const [urlA, urlB] = urls;
  if (urlA === undefined || urlB === undefined || urls.length > 2) {
    throw new UsageError(`Cannot run the ab test as "--url" must be given twice: it is there ${urls.length} times`, {
      hint: "Write --url http://first:8000 --url http://second:8000.",
    });
  }
  const { report: _, ...files } = resultFiles(given);
  if (files.format === "csv") {
    throw new UsageError('Cannot run the ab test as its "--format" must be text or json: current value is "csv"', {
      hint: "Use --format json.",
    });
  }
  const shared = {
    protocol: given.choice("protocol", PROTOCOL_NAMES) ?? "auto",
    headers: readHeaders(given, environment),
    access: readAccess(given, environment),
  };
  const server = (url: string): ServerArguments => ({ url: parseServerUrl(url.trim()).href, ...shared });
  return {
    kind: "ab",
    servers: [server(urlA), server(urlB)],
    model: given.text("model") ?? null,
    options: runOptions(given),
    inputData: given.text("input-data") ?? null,
    inputOverrides: readInputOverrides(given),
    ...files,
    verbose: given.has("verbose"),
  };
}

/** The options of tests that were given, none of them undefined. */
function runOptions(given: GivenOptions): RunOptions {
  const options: { readonly [Name in keyof RunOptions]-?: RunOptions[Name] | undefined } = {
    seed: given.whole("seed"),
    timeoutMs: given.milliseconds("timeout"),
    quick: given.has("quick") || undefined,
    priority: given.whole("priority"),
    allowNullResults: given.has("allow-null-results") || undefined,
    warmUpRequests: given.whole("warmup"),
    durationMs: given.milliseconds("duration"),
    requests: given.whole("requests"),
    concurrency: given.whole("concurrency"),
    batchSize: given.whole("batch-size"),
    batchSizes: given.list("batch-sizes"),
    levels: given.list("levels"),
    coldStarts: given.whole("cold-starts"),
    blocks: given.whole("blocks"),
    pid: given.whole("pid"),
    ratePerSecond: given.number("rate"),
    rates: given.numbers("rates"),
    arrivals: given.choice("arrivals", ARRIVALS) ?? (given.has("burst") ? "constant" : undefined),
    burst: given.whole("burst"),
    ramp: rampOf(given),
    objectives: given.text("slo"),
    maxConnections: given.whole("max-connections"),
    maxBatchDelayMs: given.milliseconds("max-batch-delay"),
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function rampOf(given: GivenOptions): RunOptions["ramp"] {
  const text = given.text("ramp");
  if (text === undefined) return undefined;
  const [fromPerSecond, toPerSecond] = /^\d+(?:\.\d+)?:\d+(?:\.\d+)?$/.test(text) ? text.split(":").map(Number) : [];
  if (fromPerSecond !== undefined && toPerSecond !== undefined && fromPerSecond + toPerSecond > 0) {
    return { fromPerSecond, toPerSecond };
  }
  throw new UsageError(
    `Cannot read the command line as "--ramp" must be two rates, not both 0, with a colon between: current value is "${text}"`,
    { hint: "Write --ramp 10:200." },
  );
}

function serverUrl(given: GivenOptions): string | null {
  if (given.texts("url").length > 1) {
    throw new UsageError('Cannot read the command line as "--url" must be given once: it is there several times', {
      hint: "deno task ab measures two servers alternately.",
    });
  }
  const url = given.text("url");
  return url === undefined ? null : parseServerUrl(url).href;
}

/** Where results go and how they are written; `--output r.json` is JSON without `--format`. */
function resultFiles(given: GivenOptions): Pick<RunCommand, "format" | "output" | "report"> {
  const output = given.text("output") ?? null;
  const report = given.text("report") ?? null;
  if (report !== null && !/\.html?$/i.test(report)) {
    throw new UsageError(
      `Cannot read the command line as "--report" must be a file that ends in .html: current value is "${report}"`,
      {
        hint: "For other formats use --format and --output.",
      },
    );
  }
  if (report !== null && report === output) {
    throw new UsageError(`Cannot read the command line as "--output" and "--report" must differ: both are "${report}"`);
  }
  const ending = /\.(json|csv)$/i.exec(output ?? "")?.[1]?.toLowerCase();
  const byEnding = OUTPUT_FORMATS.find((format) => format === ending) ?? "text";
  return { format: given.choice("format", OUTPUT_FORMATS) ?? byEnding, output, report };
}

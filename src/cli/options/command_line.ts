import { UsageError } from "../../core/errors.ts";
import { checkOptions } from "../../measure/settings/check_options.ts";
import { type TestName, USUAL_TEST } from "../../measure/settings/setting.ts";
import { parseServerUrl } from "../../wire/url.ts";
import { type AskedHelp, askedHelp } from "./asked_help.ts";
import { type AccessArguments, optionally, readAccess } from "./access_options.ts";
import { type OtlpSettings, otlpSettings } from "./secrets/otlp_settings.ts";
import { checkCombination } from "./combination.ts";
import { asksFor } from "./read_arguments.ts";
import { type GateOptions, readGateOptions } from "./gate_options.ts";
import { readHeaders } from "./given_headers.ts";
import { GivenOptions, type RunOptions } from "./given_options.ts";
import { readStart, type StartArguments } from "./given_start.ts";
import { type InputOverrides, readInputOverrides } from "./input_overrides.ts";
import { formatOfResults, outputFile, type OutputFormat } from "./output_format.ts";

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
  /** How long it is waited for, ms; left out where it must be ready. */
  readonly waitMs?: number;
}

/** A test to run. */
export interface RunCommand extends GateOptions {
  /** Says that it is a test. */
  readonly kind: "run";
  /** Which test. */
  readonly testType: Exclude<TestName, "ab">;
  /** Which server. */
  readonly server: ServerArguments;
  /** How that server is started for the run; `null` where it runs already, or is the embedded one. */
  readonly start: StartArguments | null;
  /** Name or alias of the model, or `null` if none was named. */
  readonly model: string | null;
  /** Options of the test that were given; of others there are none. */
  readonly options: RunOptions;
  /** Threads that send. */
  readonly workers: number | "auto";
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
  /** Whether to open that report once it is written. */
  readonly open: boolean;
  /** File for checks as JUnit's XML, or `null`. */
  readonly junit: string | null;
  /** File for figures as OpenMetrics, or `null`. */
  readonly openmetrics: string | null;
  /** Summary of the job that it runs in, which results are added to, or `null`. */
  readonly stepSummary: string | null;
  /** OpenTelemetry's collector, which figures are sent to, or `null`. */
  readonly otlp: OtlpSettings | null;
  /** File for every sample, or `null`. */
  readonly samples: string | null;
  /** Results file of a run that broke off and is to go on, or `null`. */
  readonly resume: string | null;
  /** What the server costs, USD an hour, or `null` if nobody said. */
  readonly pricePerHour: number | null;
  /** Whether to say on stderr what is being done. */
  readonly verbose: boolean;
}

/** Where results go, and how they are written. */
type ResultFiles =
  | "format"
  | "output"
  | "report"
  | "open"
  | "junit"
  | "openmetrics"
  | "stepSummary"
  | "otlp"
  | "samples";

/** Two servers to measure alternately. */
export interface AbCommand extends
  Pick<
    RunCommand,
    ResultFiles | "model" | "options" | "inputData" | "inputOverrides" | "verbose"
  > {
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

/** A model that the server is to fetch. */
export interface DownloadCommand extends ServerCommand {
  /** Says that it is one. */
  readonly kind: "download";
  /** Its name. */
  readonly model: string;
  /** Longest to wait without progress, ms, or `null` if it was not said. */
  readonly loadTimeoutMs: number | null;
}

/** A description to propose. */
export interface DescribeCommand extends ServerCommand {
  /** Says that it is one. */
  readonly kind: "describe";
  /** Path of the request that is described, or `null` for the likeliest. */
  readonly path: string | null;
  /** File for the description, or `null` for stdout. */
  readonly output: string | null;
}

/** What the command line asks for. */
export type CommandLine =
  | RunCommand
  | AbCommand
  | ServerCommand & { readonly kind: "list-models" | "list-downloadable" }
  | DownloadCommand
  | DescribeCommand
  | { readonly kind: "completions"; readonly shell: "bash" | "zsh" | "fish" }
  | AskedHelp
  | { readonly kind: "version" };

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
  const help = askedHelp(argv);
  if (help !== null) return help;
  if (asksFor(argv, "--version")) return { kind: "version" };
  const given = new GivenOptions(argv);
  const shell = given.get("completions");
  if (shell !== undefined) return { kind: "completions", shell };
  const testType = given.get("test-type") ?? USUAL_TEST;
  const command = checkCombination(given, testType);
  given.checkValues();
  const verbose = given.get("verbose") ?? false;
  if (command !== null) {
    const server = command === "describe"
      ? serverAt(given.get("describe")!, given, environment)
      : oneServer(given, environment);
    const { timeoutMs = null, loadTimeoutMs = null } = given.settings();
    const asked = { server, timeoutMs, verbose };
    switch (command) {
      case "download":
        return { kind: command, model: given.get("download")!, loadTimeoutMs, ...asked };
      case "describe":
        return { kind: command, path: given.get("path") ?? null, output: outputFile(given.get("output")), ...asked };
      default:
        return { kind: command, ...asked };
    }
  }
  const options = given.settings();
  checkOptions(options);
  const shared = {
    model: given.get("model") ?? null,
    options,
    inputData: given.pathOf("inputs"),
    inputOverrides: readInputOverrides(given),
    verbose,
  };
  if (testType === "ab") {
    return { kind: "ab", servers: twoServers(given, environment), ...shared, ...resultFiles(given, environment) };
  }
  return {
    kind: "run",
    testType,
    server: oneServer(given, environment),
    start: readStart(given),
    workers: given.get("workers") ?? 1,
    trace: given.pathOf("traceMs"),
    pricePerHour: given.get("price-per-hour") ?? null,
    resume: given.get("resume") ?? null,
    ...shared,
    ...resultFiles(given, environment),
    ...readGateOptions(given, testType),
  };
}

type ReadVariable = (name: string) => string | undefined;

function serverAt(url: string | null, given: GivenOptions, environment: ReadVariable): ServerArguments {
  return {
    url,
    protocol: given.get("protocol") ?? "auto",
    headers: readHeaders(given, environment),
    access: readAccess(given, environment),
    ...optionally("waitMs", given.get("wait")),
  };
}

function oneServer(given: GivenOptions, environment: ReadVariable): ServerArguments {
  if (given.texts("url").length > 1) {
    throw new UsageError('Cannot read the command line as "--url" must be given once: it is there several times', {
      hint: "deno task ab measures two servers alternately.",
    });
  }
  return serverAt(given.get("url") ?? null, given, environment);
}

function twoServers(given: GivenOptions, environment: ReadVariable): AbCommand["servers"] {
  const urls = given.texts("url");
  const [first, second] = urls.map((url) => parseServerUrl(url.trim()).href);
  if (first === undefined || second === undefined || urls.length > 2) {
    throw new UsageError(`Cannot run the ab test as "--url" must be given twice: it is there ${urls.length} times`, {
      hint: "Write --url http://first:8000 --url http://second:8000.",
    });
  }
  return [serverAt(first, given, environment), serverAt(second, given, environment)];
}

/**
 * Where results go and how they are written; `--output r.json` is JSON without `--format`. A run that goes on writes to the file
 * that it goes on with where nothing else is said.
 */
function resultFiles(given: GivenOptions, environment: ReadVariable): Pick<RunCommand, ResultFiles> {
  const resumed = given.has("format") ? undefined : given.get("resume");
  const files = {
    output: outputFile(given.get("output") ?? resumed),
    report: given.get("report") ?? null,
    junit: given.get("junit") ?? null,
    openmetrics: given.get("openmetrics") ?? null,
    samples: given.get("samples") ?? null,
  };
  const named = Object.entries(files).filter(([, path]) => path !== null);
  named.forEach(([name, path], i) => {
    const other = named.slice(0, i).find(([, before]) => before === path);
    if (other === undefined) return;
    throw new UsageError(
      `Cannot read the command line as "--${other[0]}" and "--${name}" must differ: both are "${path}"`,
    );
  });
  const isResumed = resumed !== undefined && files.output === resumed;
  return {
    format: given.get("format") ?? (isResumed ? "json" : formatOfResults(files.output)),
    ...files,
    open: given.get("open") ?? false,
    stepSummary: environment("GITHUB_STEP_SUMMARY") || null,
    otlp: otlpSettings(environment),
  };
}

import { ONE_SERVER_TESTS, TEST_NAMES, USUAL_TEST } from "../../measure/settings/setting.ts";
import { PROTOCOLS } from "../../protocols/detect.ts";
import { GENERIC } from "../../protocols/generic.ts";
import { TRANSPORT_NAMES } from "../../wire/transport_names.ts";
import { GENERATION_OPTIONS } from "./generation/generation_options.ts";
import { FOREIGN_PROTOCOLS, FOREIGN_TESTS } from "./meant/foreign_names.ts";
import { INPUT_OPTIONS } from "./input_options.ts";
import type { OptionSpec } from "./option.ts";
import { bytes, choice, FLAG, SERVER_URL, text, wholeOr, withoutPassword } from "./option_values.ts";
import { RESULT_OPTIONS } from "./result_options.ts";
import { PROXY_SECRET_OPTIONS, SECRET_OPTIONS } from "./secrets/secret_options.ts";
import { START_OPTIONS } from "./start_options.ts";

/** What `--protocol` takes. */
const PROTOCOL_NAMES: readonly string[] = ["auto", ...PROTOCOLS.map(({ name }) => name), GENERIC];

const TEST_HINTS = Object.fromEntries(
  Object.entries(FOREIGN_TESTS).map(([name, test]) => [name, `Did you mean ${test}?`]),
);

const MEASURE = { group: "What to measure" } as const;
const SEND = { group: "What to send" } as const;
/** How to get at a server of the user's; for tests and for what is asked for instead. */
const ACCESS = { group: "The server", withCommands: true, needsUrl: true } as const;
const INSTEAD = { group: "Instead of a test" } as const;

/** The options that only the command has. Those of the tests are settings. */
export const COMMAND_OPTIONS = [
  {
    ...MEASURE,
    name: "test-type",
    value: choice("TYPE", TEST_NAMES, TEST_HINTS),
    description: "The test",
    default: USUAL_TEST,
    withCommands: true, // `deno task latency --list-models` gives a test type by itself
  },
  {
    ...MEASURE,
    name: "model",
    value: text("NAME"),
    description: "The model; the server is asked to download and load it if need be",
    default: "the first that is loaded, on the embedded server mobilenet_v2; for prompts llama_tiny",
    key: "model",
  },
  ...INPUT_OPTIONS,
  ...GENERATION_OPTIONS,
  {
    group: "The server",
    name: "url",
    value: SERVER_URL,
    description: "Base URL of the server; for ab twice, the first being what the second is held against",
    default: "an embedded server is started, used and stopped",
    defaultIn: (test) => test === "ab" ? "none: both must be given" : "an embedded server is started, used and stopped",
    repeatable: true,
    withCommands: true,
    key: "url",
  },
  ...START_OPTIONS,
  {
    group: "The server",
    name: "protocol",
    value: choice("NAME", PROTOCOL_NAMES, FOREIGN_PROTOCOLS),
    description: "How to talk to the server",
    default: "auto: asks the server",
    withCommands: true,
    key: "protocol",
  },
  {
    ...ACCESS,
    name: "generic",
    value: text("FILE.json"),
    description:
      "Description of a server that speaks no known protocol: its requests, as templates or forms, and JSON pointers into its answers; src/protocols/GENERIC.md has examples, --describe proposes one",
    key: "generic",
  },
  {
    ...ACCESS,
    name: "header",
    value: text("'Name: value'"),
    description: "Goes with every request; may be given several times. For a secret use --header-env or --token-env",
    repeatable: true,
    key: "headers",
    hint: "--token-env VAR, --token-file FILE or --header-env NAME=VAR",
    masked: (value) => value.replace(/:.*$/s, ": ***"),
  },
  {
    ...ACCESS,
    name: "query",
    value: text("'key=value'"),
    description: "Goes behind the path of every request, encoded where needed; may be given several times",
    repeatable: true,
    key: "query",
    masked: (value) => value.replace(/^(--query=)?([^=]*)=.*$/s, "$1$2=***"),
  },
  ...SECRET_OPTIONS,
  {
    ...ACCESS,
    name: "token-env",
    value: text("VAR"),
    description: "Environment variable with a token that goes with every request as a bearer token",
    not: "token-file",
  },
  {
    ...ACCESS,
    name: "token-file",
    value: text("FILE"),
    description: "File with such a token, or the key_file.json of TorchServe with both of its",
  },
  {
    ...ACCESS,
    name: "management-url",
    value: SERVER_URL,
    description: "Base URL of the management API (TorchServe)",
    default: "the port behind that of --url",
    key: "managementUrl",
  },
  {
    ...ACCESS,
    name: "management-token-env",
    value: text("VAR"),
    description: "Environment variable with the token of the management API, where it is another",
    not: "management-token-file",
    key: "managementHeaders",
  },
  {
    ...ACCESS,
    name: "management-token-file",
    value: text("FILE"),
    description: "File with that token",
  },
  {
    ...ACCESS,
    name: "metrics-url",
    value: SERVER_URL,
    description: "Base URL of the metrics (TorchServe, MLServer)",
    default: "the second port behind that of --url",
    key: "metricsUrl",
  },
  {
    ...ACCESS,
    name: "model-version",
    value: text("VERSION"),
    description: "Version of the model (KServe v2, TorchServe)",
    default: "the one that the server chooses",
    key: "modelVersion",
  },
  {
    group: "The server",
    name: "reregister",
    value: FLAG,
    description:
      "TorchServe: a cold start registers the model anew, archive included, instead of only starting its worker",
    tests: ["latency", "memory", "comprehensive"],
    needsUrl: true,
    key: "reregister",
  },
  {
    ...ACCESS,
    name: "ca-file",
    value: text("FILE"),
    description: "Certificate of the authority that the server's certificate is checked with, PEM",
    default: "those that Deno trusts",
    key: "access.ca",
  },
  {
    ...ACCESS,
    name: "tls-name",
    value: text("NAME"),
    description: "Name that the server's certificate is checked against, and that is asked for by SNI",
    default: "the host of --url",
    key: "access.tlsName",
  },
  {
    ...ACCESS,
    name: "insecure",
    value: FLAG,
    description: "Do not check the server's certificate; the report says so",
    key: "access.insecure",
  },
  {
    ...ACCESS,
    name: "client-cert",
    value: text("FILE"),
    description: "Certificate that the client shows, PEM; with --client-key",
    key: "access.clientCertificate",
  },
  {
    ...ACCESS,
    name: "client-key",
    value: text("FILE"),
    description: "Private key of that certificate, PEM",
    key: "access.clientKey",
  },
  {
    ...ACCESS,
    name: "unix-socket",
    value: text("PATH"),
    description: "Unix socket to connect to; --url gives the host's name and the path",
    key: "access.unixSocket",
  },
  {
    ...ACCESS,
    name: "proxy",
    value: text("URL"),
    description: "HTTP proxy; https goes through a tunnel. A password in it is shown nowhere",
    not: "proxy-env",
    key: "access.proxy",
    masked: withoutPassword,
  },
  ...PROXY_SECRET_OPTIONS,
  {
    ...SEND,
    name: "connection-per-request",
    value: FLAG,
    description: "Open a new connection for each request, which tells what that costs; results say so",
    default: "connections are kept",
    key: "connectionPerRequest",
  },
  {
    ...SEND,
    name: "workers",
    value: wholeOr("auto", { least: 1, most: 64 }),
    description:
      "Threads that share what is sent, for servers that are faster than one; auto takes more where one is busy",
    default: "1",
    tests: ONE_SERVER_TESTS,
    key: "workers",
  },
  {
    group: "The server",
    name: "transport",
    value: choice("NAME", TRANSPORT_NAMES),
    description: "What carries the requests",
    default: "the first that can go the way to the server",
    withCommands: true,
    key: "transport",
  },
  {
    group: "The server",
    name: "max-response",
    value: bytes({ least: 2 ** 10, most: 4 * 2 ** 30 }),
    description:
      "Largest answer that is taken; those that come at once may be four times as large together, or one a thread",
    default: "64MiB",
    withCommands: true,
    key: "maxResponse",
  },
  ...RESULT_OPTIONS,
  {
    ...INSTEAD,
    name: "list-models",
    value: FLAG,
    description: "List the models that the server has",
    key: "listModels",
  },
  {
    ...INSTEAD,
    name: "list-downloadable",
    value: FLAG,
    description: "List the models that the server can download",
    key: "listDownloadable",
  },
  {
    ...INSTEAD,
    name: "download",
    value: text("NAME"),
    description: "Have the server download a model; given up after 600 s without progress",
  },
  {
    ...INSTEAD,
    name: "describe",
    value: SERVER_URL,
    description: "Propose a description for --generic from what the server at this URL answers to /openapi.json",
    not: "url",
  },
  {
    ...INSTEAD,
    name: "path",
    value: text("PATH"),
    description: "Path of the request that is described",
    default: "the one that most likely asks for predictions",
    needs: "describe",
    withCommands: true,
    key: "path",
  },
  {
    ...INSTEAD,
    name: "completions",
    value: choice("SHELL", ["bash", "zsh", "fish"] as const),
    description: "Print what lets a shell complete the options of the installed command",
  },
  { ...INSTEAD, name: "help", short: "h", value: FLAG, description: "Show the help: of a test its options" },
  { ...INSTEAD, name: "all", value: FLAG, description: "With --help: all options of all tests", needs: "help" },
  { ...INSTEAD, name: "version", value: FLAG, description: "Show the version" },
] as const satisfies readonly OptionSpec[];

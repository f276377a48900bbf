import { LANGUAGE_MODEL } from "../../embedded/language/name.ts";
import { CATALOG } from "../../embedded/models/catalog.ts";
import { TargetError } from "../../core/errors.ts";
import { EMBEDDED_BOUNDS, startEmbeddedServer } from "../../embedded/start.ts";
import type { Given } from "../options/given.ts";
import type { OptionSpec } from "../options/option.ts";
import { FLAG, text, whole } from "../options/option_values.ts";
import type { Console } from "../terminal/console.ts";
import { listenForEnd } from "../terminal/end_signals.ts";
import { fittedPage } from "../terminal/fitted_page.ts";
import { EXIT_CODE, type ExitCode } from "../terminal/exit_code.ts";
import { EMBEDDED_MODEL } from "./open_server.ts";
import { runTableCommand } from "./table_command.ts";

const USUAL_PORT = 8000;
const MODELS = CATALOG.map(({ name }) => name).join(", ");

const HEAD = [
  "Runs torchgauge's embedded inference server alone, on 127.0.0.1, until Ctrl-C.",
  "",
  "Usage: deno task serve [options]",
];

const OPTIONS = [
  {
    group: "Options",
    name: "port",
    value: whole(EMBEDDED_BOUNDS.port),
    description: "Port to listen on, 0 for a free one",
    default: String(USUAL_PORT),
  },
  {
    group: "Options",
    name: "models",
    value: text("NAME,NAME,..."),
    description: `Models to load at once; there are ${MODELS}, and ${LANGUAGE_MODEL}, a language model`,
    default: EMBEDDED_MODEL,
  },
  {
    group: "Options",
    name: "threads",
    value: whole(EMBEDDED_BOUNDS.threads),
    description: "Threads that one operator of a model may use",
    default: "1",
  },
  {
    group: "Options",
    name: "prefix-cache",
    value: FLAG,
    description: `What ${LANGUAGE_MODEL} computes of a prompt is kept for others that begin alike`,
  },
  { group: "Options", name: "cache-dir", value: text("FOLDER"), description: "Where model files are kept" },
] as const satisfies readonly OptionSpec[];

const EXIT_CODES = [
  { code: EXIT_CODE.done, meaning: "ended by Ctrl-C" },
  { code: EXIT_CODE.usage, meaning: "wrong usage" },
  { code: EXIT_CODE.target, meaning: "the server did not start, or ended by itself" },
  { code: EXIT_CODE.fault, meaning: "a fault of torchgauge" },
];

/**
 * Runs the embedded server alone, until Ctrl-C; every failure is one message and an exit code.
 *
 * @param argv Arguments without the program's name.
 * @param console Where it prints.
 * @returns The exit code.
 */
export function serveCommand(argv: readonly string[], console: Console): Promise<ExitCode> {
  return runTableCommand({ head: HEAD, options: OPTIONS, exitCodes: EXIT_CODES, run }, argv, console);
}

async function run(given: Given<typeof OPTIONS[number]>, console: Console): Promise<ExitCode> {
  const models = (given.get("models") ?? EMBEDDED_MODEL).split(",").map((name) => name.trim()).filter(Boolean);
  const cacheDir = given.get("cache-dir");
  const port = given.get("port") ?? USUAL_PORT;
  const told = new AbortController();
  using _listening = listenForEnd(() => told.abort());
  await using server = await startEmbeddedServer({
    signal: told.signal,
    port,
    threads: given.get("threads") ?? 1,
    prefixCache: given.get("prefix-cache") ?? false,
    models,
    onNotice: (text) => console.error(text),
    ...(cacheDir === undefined ? {} : { cacheDir }),
  }).catch((error) => {
    if (!(error instanceof TargetError) || !error.message.includes(` port ${port} `)) throw error;
    throw new TargetError(error.message, {
      cause: error,
      hint: "Choose another: --port N, or --port 0 for a free one.",
    });
  });
  await console.write(fittedPage(welcome(server.url, models), console.width));
  await server.ended;
  return told.signal.aborted ? EXIT_CODE.done : EXIT_CODE.target;
}

/**
 * What is said once the server is there, with commands to try.
 *
 * @param url Where it is.
 * @param models Those that are loaded.
 */
export function welcome(url: string, models: readonly string[]): string {
  const hasLanguage = models.includes(LANGUAGE_MODEL);
  const language = hasLanguage ? `\n             ${LANGUAGE_MODEL} answers over OpenAI's API (/v1)` : "";
  const writes = hasLanguage ? `\n  deno task basic --url ${url} --model ${LANGUAGE_MODEL}` : "";
  return `torchgauge's embedded server is at ${url}

  loaded     ${models.join(", ") || "none"}
  available  ${MODELS}
  weights    random (seeded): its timing is real, its predictions mean nothing
  speaks     the torch-inference contract and the Open Inference Protocol (/v2);
             /metrics is for Prometheus${language}

Try

  curl ${url}/models
  curl -X POST '${url}/autoscaler/load?model_name=bert'
  curl -H 'content-type: application/json' -d '{"inputs": "A fine day"}' \\
    ${url}/bert/predict${writes}

Ctrl-C ends it.
`;
}

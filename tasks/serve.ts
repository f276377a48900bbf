/**
 * Runs the embedded server alone, until Ctrl-C: `deno task serve [--port N] [--models a,b] [--threads N]
 * [--cache-dir FOLDER]`.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { TargetError, UsageError } from "../src/core/errors.ts";
import { CATALOG } from "../src/embedded/models/catalog.ts";
import { type EmbeddedServerOptions, startEmbeddedServer } from "../src/embedded/start.ts";

const HELP = `Runs torchgauge's embedded inference server alone, on 127.0.0.1, until Ctrl-C.

Usage: deno task serve [options]

  --port N            port to listen on, 0 for a free one (8000)
  --models a,b        models to load at once (mobilenet_v2); there are ${CATALOG.map(({ name }) => name).join(", ")}
  --threads N         threads that one operator of a model may use (1)
  --cache-dir FOLDER  where model files are kept
  --help              this text
`;

function readOptions(args: readonly string[]): EmbeddedServerOptions | "help" {
  const parsed = parseArgs([...args], {
    boolean: ["help"],
    string: ["port", "models", "threads", "cache-dir"],
    unknown: (arg) => {
      throw new UsageError(`Cannot serve as there is no such argument: found "${arg}"`, { hint: "--help lists them." });
    },
  });
  if (parsed.help) return "help";
  const cacheDir = parsed["cache-dir"];
  return {
    port: readInteger("--port", parsed.port ?? "8000"),
    threads: readInteger("--threads", parsed.threads ?? "1"),
    models: (parsed.models ?? "mobilenet_v2").split(",").map((name) => name.trim()).filter(Boolean),
    ...(cacheDir ? { cacheDir } : {}),
  };
}

function readInteger(option: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`Cannot serve as ${option} must be a whole number: current value is "${text}"`);
}

function welcome(url: string, models: readonly string[]): string {
  return `torchgauge's embedded server is at ${url}

  loaded     ${models.join(", ") || "none"}
  available  ${CATALOG.map(({ name }) => name).join(", ")}
  weights    random (seeded): its timing is real, its predictions mean nothing
  speaks     the torch-inference contract and the Open Inference Protocol (/v2); /metrics is for Prometheus

Try

  curl ${url}/models
  curl -X POST '${url}/autoscaler/load?model_name=bert' && curl -d '{"inputs": "A fine day"}' ${url}/bert/predict

Ctrl-C ends it.
`;
}

const print = (stream: typeof Deno.stdout, text: string) => stream.write(new TextEncoder().encode(text));

async function main(): Promise<number> {
  try {
    const options = readOptions(Deno.args);
    if (options === "help") {
      await print(Deno.stdout, HELP);
      return 0;
    }
    await using server = await startEmbeddedServer(options);
    await print(Deno.stdout, welcome(server.url, options.models ?? []));
    return await Promise.race([server.ended.then(() => 3), interrupted().then(() => 0)]);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof TargetError)) throw error;
    await print(Deno.stderr, `${error.message}\n${error.hint ? `${error.hint}\n` : ""}`);
    return error instanceof UsageError ? 2 : 3;
  }
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    Deno.addSignalListener("SIGINT", resolve);
    if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", resolve);
  });
}

Deno.exit(await main());

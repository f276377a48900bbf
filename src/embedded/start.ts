import { fileURLToPath } from "node:url";
import { TargetError, UsageError } from "../core/errors.ts";
import { LANGUAGE_MODEL } from "./language/name.ts";
import { CATALOG, findModel } from "./models/catalog.ts";
import { defaultCacheDir } from "./models/cache_folder.ts";
import { checkRuntime, type EmbeddedProgram, embeddedProgram, FETCHING, notFetched, ownWords } from "./runtime.ts";
import { type ProcessEnd, type SupervisedProcess, superviseProcess } from "./supervised_process.ts";

/** Options of {@linkcode startEmbeddedServer}. */
export interface EmbeddedServerOptions {
  /** Models to download and load before the server is ready. @default {[]} */
  readonly models?: readonly string[];
  /** Folder of the model files. @default {TORCHGAUGE_CACHE, else torchgauge/models in the user's cache folder} */
  readonly cacheDir?: string;
  /** Port on 127.0.0.1; 0 takes a free one. @default {0} */
  readonly port?: number;
  /** Threads that one operator of a model may use. @default {1} */
  readonly threads?: number;
  /** Whether the language model keeps what it computes of a prompt for others that begin alike. @default {false} */
  readonly prefixCache?: boolean;
  /** Largest request body that it reads, bytes. @default {64 MiB} */
  readonly maxBodyBytes?: number;
  /** Ends the server, also while it starts. */
  readonly signal?: AbortSignal;
  /** Is told that its runtime is fetched, and what it says while it serves, such as that connections are too many. */
  readonly onNotice?: (text: string) => void;
}

/** The server, which is a program of its own. */
const MAIN = new URL("./main.ts", import.meta.url).href;

const CANNOT = "Cannot start the embedded server as";

/** How long a process that is not ready may take to end, ms. */
const STARTING_GRACE_MS = 500;

/** What numbers among the options may be, both ends included. */
export const EMBEDDED_BOUNDS = {
  port: { least: 0, most: 65_535 },
  threads: { least: 1, most: 1024 },
  maxBodyBytes: { least: 1, most: 2 ** 31 },
} as const;

/** An embedded server that runs in its own process. */
export interface EmbeddedServer extends AsyncDisposable {
  /** Base URL: `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Process id. */
  readonly pid: number;
  /** Resolves when the process has ended, by `close()` or by itself. */
  readonly ended: Promise<void>;
  /** Models unloaded, process ended. May be called again. */
  close(): Promise<void>;
}

/**
 * Environment of its process. glibc's allocator raises the size from which it asks the system for memory with every large
 * block that it frees, and then keeps what an unloaded model gave back: a fixed size makes an unload visible in the
 * process's memory. onnxruntime would write an id of the device and a database, and send them to its maker; Deno would
 * ask for its newest version.
 */
const ENVIRONMENT = {
  MALLOC_MMAP_THRESHOLD_: "131072",
  ORT_DISABLE_TELEMETRY: "1",
  DENO_NO_UPDATE_CHECK: "1",
};

/**
 * Starts the embedded server in its own process, with the least permissions that it needs: the network on 127.0.0.1,
 * its cache folder, its own source files, and the native library of `onnxruntime-node`.
 *
 * Its runtime is fetched where it was never used. It ends by `close()`, by the signal, and by itself as soon as this process is gone, however that ended. Until then it
 * keeps this process running.
 *
 * @param options What to load, where to listen and where to keep model files.
 * @returns The server, ready for requests.
 * @throws {UsageError} If an option cannot be.
 * @throws {TargetError} If this system has no runtime or none can be fetched, or the process ends before it is ready; the
 * message holds its own words.
 */
export async function startEmbeddedServer(options: EmbeddedServerOptions = {}): Promise<EmbeddedServer> {
  checkOptions(options);
  checkRuntime(Deno.build);
  options.signal?.throwIfAborted();
  const cacheDir = options.cacheDir || defaultCacheDir((name) => Deno.env.get(name));
  const program = embeddedProgram(MAIN, Deno.build.standalone);
  const args = [...denoArguments(cacheDir, program), ...serverArguments(cacheDir, options)];
  // What it says before is in the error where it does not start.
  let isReady = false, isFetching = false;
  const onErrorText = (text: string) => {
    if (isReady) options.onNotice?.(text.trimEnd());
    else if (!isFetching && /^Download /m.test(text)) {
      isFetching = true;
      options.onNotice?.(FETCHING);
    }
  };
  const child = start(program.command, args, onErrorText);
  const close = () => child.close();
  // One that still fetches its packages does not look at its stdin.
  const abort = () => void child.close(isReady ? undefined : STARTING_GRACE_MS);
  options.signal?.addEventListener("abort", abort, { once: true });
  void child.ended.then(() => options.signal?.removeEventListener("abort", abort));

  const line = await child.firstLine;
  isReady = line !== null;
  if (options.signal?.aborted) {
    await close();
    throw options.signal.reason;
  }
  if (line === null) {
    throw notStarted(await child.ended, options.port ?? 0);
  }
  const { url, pid } = JSON.parse(line) as { url: string; pid: number };
  return { url, pid, ended: child.ended.then(() => {}), close, [Symbol.asyncDispose]: close };
}

function start(command: string, args: readonly string[], onErrorText: (text: string) => void): SupervisedProcess {
  try {
    return superviseProcess(command, args, ENVIRONMENT, onErrorText);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new TargetError(
      `${CANNOT} Deno must be installed where torchgauge is one compiled file: found no "${command}"`,
      { cause: error, hint: "Install it from deno.com, or measure a server of your own." },
    );
  }
}

function notStarted({ code, errorText }: ProcessEnd, port: number): TargetError {
  if (/EADDRINUSE/.test(errorText)) {
    return new TargetError(`${CANNOT} port ${port} must be free: something listens there`);
  }
  if (/EACCES.*listen|listen EACCES/.test(errorText)) {
    return new TargetError(`${CANNOT} port ${port} must be open to this user: the system does not allow it`);
  }
  return notFetched(errorText) ??
    new TargetError(`${CANNOT} its process ended with code ${code}: ${ownWords(errorText)}`);
}

function checkOptions({ models = [], port = 0, threads = 1, maxBodyBytes = 1 }: EmbeddedServerOptions): void {
  const unknown = models.find((name) => findModel(name) === null && name !== LANGUAGE_MODEL);
  if (unknown !== undefined) {
    const known = [...CATALOG.map(({ name }) => name), LANGUAGE_MODEL].join(", ");
    throw new UsageError(`Cannot start the embedded server as a model must be one of ${known}: found "${unknown}"`);
  }
  for (const [name, value] of Object.entries({ port, threads, maxBodyBytes })) {
    const { least, most } = EMBEDDED_BOUNDS[name as keyof typeof EMBEDDED_BOUNDS];
    if (Number.isInteger(value) && value >= least && value <= most) continue;
    throw new UsageError(
      `Cannot start the embedded server as "${name}" must be an integer from ${least} to ${most}: ` +
        `current value is ${value}`,
    );
  }
}

function denoArguments(cacheDir: string, { packages, module }: EmbeddedProgram): string[] {
  // The worker of a model is read from the source folder; npm packages and the native library need no permission.
  const local = module.startsWith("file:");
  const pathTo = (relative: string) => fileURLToPath(new URL(relative, module));
  const readable = local ? [cacheDir, pathTo("./"), pathTo("../core/random.ts")] : [cacheDir];
  const divided = readable.find((path) => path.includes(","));
  if (divided !== undefined) {
    const required = "a folder must be without a comma, which Deno's permissions would take for two";
    throw new UsageError(`${CANNOT} ${required}: found "${divided}"`);
  }
  return [
    "run",
    "--no-prompt",
    "--v8-flags=--expose-gc",
    ...packages,
    "--allow-net=127.0.0.1",
    "--allow-ffi",
    `--allow-read=${readable.join(",")}`,
    `--allow-write=${cacheDir}`,
    module,
  ];
}

function serverArguments(cacheDir: string, options: EmbeddedServerOptions): string[] {
  const { models = [], port, threads, prefixCache = false, maxBodyBytes } = options;
  const given = { port, threads, "max-body-bytes": maxBodyBytes };
  const flags = Object.entries(given).filter(([, value]) => value !== undefined).map(([key, value]) =>
    `--${key}=${value}`
  );
  return [
    `--cache-dir=${cacheDir}`,
    `--models=${models.join(",")}`,
    ...flags,
    ...prefixCache ? ["--prefix-cache"] : [],
  ];
}

import { type EmbeddedServer, startEmbeddedServer } from "../../embedded/start.ts";
import { LANGUAGE_MODEL } from "../../embedded/language/name.ts";
import { UsageError } from "../../core/errors.ts";
import { isPermitted } from "../../observe/permission.ts";
import { checkDropCaches } from "../../launch/drop_caches.ts";
import { LaunchedServer } from "../../launch/launched_server.ts";
import { addressOf } from "../../launch/port.ts";
import type { ServerArguments } from "../options/command_line.ts";
import type { StartArguments } from "../options/given_start.ts";
import type { Console } from "../terminal/console.ts";

/** The server of a command: the user's, or one that ends with the command. */
export interface OpenServer extends AsyncDisposable {
  /** Base URL. */
  readonly url: string;
  /** Protocol that its model is spoken to by, where the server speaks several; left out where it is asked. */
  readonly protocol?: string;
  /** True if it is an embedded one that was started for this command. */
  readonly embedded: boolean;
  /** The process of the user's server where it was started for this command; it may not serve yet. */
  readonly started?: LaunchedServer;
}

/** Model of the embedded server where none is named. */
export const EMBEDDED_MODEL = "mobilenet_v2";

/** How a server is opened. */
export interface OpenServerOptions {
  /** Whether what is done is said. */
  readonly verbose: boolean;
  /** Gives it up. */
  readonly signal: AbortSignal;
  /** Ends it at once, and with it what waits for it to end. */
  readonly haltSignal?: AbortSignal;
  /** How the user's server is started; `null` or left out where it runs already. */
  readonly start?: StartArguments | null;
  /** The model that it is for, `null` where none is named: an embedded server has a language model only where it is asked for. */
  readonly model?: string | null;
}

/**
 * The user's server, started where the user says how, or a started embedded one where no URL is given.
 *
 * @param server Where it is.
 * @param console Is told that a server starts, if `verbose`, and what goes wrong with it.
 * @throws {UsageError} If the page cache cannot be dropped, or the user's program may not be run.
 * @throws {TargetError} If the embedded server does not start, or the user's cannot be started.
 */
export async function openServer(
  { url, access }: ServerArguments,
  console: Console,
  { verbose, signal, haltSignal, start = null, model = null }: OpenServerOptions,
): Promise<OpenServer> {
  if (url !== null && start !== null) {
    await checkPermitted(start.command.program);
    if (start.dropCaches) await checkDropCaches();
    const started = new LaunchedServer(start.command, {
      address: addressOf(url, access.unixSocket),
      stopSignal: start.stopSignal,
      dropsCaches: start.dropCaches,
      ...(start.timeoutMs === null ? {} : { startTimeoutMs: start.timeoutMs }),
      ...(haltSignal === undefined ? {} : { haltSignal }),
      onNotice: (text) => console.error(text),
    });
    await started.prepare();
    started.start();
    if (verbose) console.error(`started ${started.program}, process ${started.pid}`);
    return { url, embedded: false, started, [Symbol.asyncDispose]: () => started[Symbol.asyncDispose]() };
  }
  if (url !== null) return { url, embedded: false, [Symbol.asyncDispose]: () => Promise.resolve() };
  if (verbose) console.error("starting the embedded server");
  const isLanguage = model === LANGUAGE_MODEL;
  const server: EmbeddedServer = await startEmbeddedServer({
    ...isLanguage && { models: [model] },
    signal,
    onNotice: (text) => console.error(text),
  });
  if (verbose) console.error(`the embedded server is at ${server.url}, process ${server.pid}`);
  const protocol = isLanguage ? { protocol: "openai" } : {};
  return { url: server.url, embedded: true, ...protocol, [Symbol.asyncDispose]: () => server.close() };
}

/** Programs of the user's are none of those that the tasks name; their group is stopped by a signal, which needs the same. */
async function checkPermitted(program: string): Promise<void> {
  if (await isPermitted({ name: "run" })) return;
  throw new UsageError(
    `Cannot start the server as Deno must be permitted to run any program: it may not run "${program}" (--allow-run)`,
    { hint: "deno task start --test-type TYPE takes the same options and has the permission." },
  );
}

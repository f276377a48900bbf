import { type EmbeddedServer, startEmbeddedServer } from "../../embedded/start.ts";
import type { ServerArguments } from "../options/command_line.ts";
import type { Console } from "../terminal/console.ts";

/** The server of a command: the user's, or an embedded one that ends with the command. */
export interface OpenServer extends AsyncDisposable {
  /** Base URL. */
  readonly url: string;
  /** True if it was started for this command. */
  readonly embedded: boolean;
}

/** Model of the embedded server where none is named. */
export const EMBEDDED_MODEL = "mobilenet_v2";

/** A start takes so long only where packages are fetched, ms. */
const SLOW_START_MS = 3000;

/**
 * The user's server, or a started embedded one where no URL is given.
 *
 * @param server Where it is.
 * @param console Is told that a server starts, if `verbose`.
 * @throws {TargetError} If the embedded server does not start.
 */
export async function openServer(
  { url }: ServerArguments,
  console: Console,
  { verbose, signal }: { verbose: boolean; signal: AbortSignal },
): Promise<OpenServer> {
  if (url !== null) return { url, embedded: false, [Symbol.asyncDispose]: () => Promise.resolve() };
  if (verbose) console.error("starting the embedded server");
  const slow = setTimeout(() => console.error("installing the embedded server's packages, once"), SLOW_START_MS);
  const server: EmbeddedServer = await startEmbeddedServer({ signal }).finally(() => clearTimeout(slow));
  if (verbose) console.error(`the embedded server is at ${server.url}, process ${server.pid}`);
  return { url: server.url, embedded: true, [Symbol.asyncDispose]: () => server.close() };
}

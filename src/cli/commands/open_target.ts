import type { Target } from "../../core/target.ts";
import { connect, type FitInputs } from "../../protocols/connect.ts";
import type { ConnectServerOptions } from "../../protocols/connect_server.ts";
import type { RunCommand } from "../options/command_line.ts";
import type { Console } from "../terminal/console.ts";
import { EMBEDDED_MODEL, type OpenServer } from "./open_server.ts";

/**
 * Connects to the model that a command is about; the server is asked to download and load it if need be.
 *
 * @param command Which model.
 * @param server The server that was opened for it.
 * @param how How to get at it, from `connectOptions`.
 * @param inputs Items to send, or `undefined` for ones made from the model's description.
 * @param console Is told what takes long.
 * @param signal Gives it up.
 */
export async function openTarget(
  { model, options, verbose }: Pick<RunCommand, "model" | "options" | "verbose">,
  server: Pick<OpenServer, "url" | "embedded">,
  how: ConnectServerOptions,
  inputs: FitInputs | undefined,
  console: Console,
  signal: AbortSignal,
): Promise<Target> {
  const named = model ?? (server.embedded ? EMBEDDED_MODEL : null);
  const target = await connect(server.url, {
    ...how,
    embedded: server.embedded,
    signal,
    onProgress: (text) => {
      if (verbose || /^(downloading|loading)/.test(text)) console.error(text);
    },
    ...(named === null ? {} : { model: named }),
    ...(inputs === undefined ? {} : { inputs }),
    ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
  });
  if (verbose) console.error(`protocol ${target.protocol.name}: ${target.protocolEvidence}`);
  return target;
}

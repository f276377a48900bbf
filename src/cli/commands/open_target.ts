import type { Target } from "../../core/target.ts";
import { connect, type FitInputs } from "../../protocols/connect.ts";
import type { ConnectServerOptions } from "../../protocols/connect_server.ts";
import { defaultOf } from "../../measure/settings/default_of.ts";
import { strangeHostWarning } from "../../observe/strange_host.ts";
import type { RunCommand } from "../options/command_line.ts";
import type { Console } from "../terminal/console.ts";
import { EMBEDDED_MODEL, type OpenServer } from "./open_server.ts";
import { whenReady } from "./when_ready.ts";
import { whenServing } from "./when_serving.ts";

/**
 * Connects to the model that a command is about; the server is asked to download and load it if need be. A server that
 * was started for the command is waited for, and any other where that is asked for.
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
  { url, embedded, started, protocol, waitMs = 0 }: Pick<OpenServer, "url" | "embedded" | "started" | "protocol"> & {
    readonly waitMs?: number;
  },
  how: ConnectServerOptions,
  inputs: FitInputs | undefined,
  console: Console,
  signal: AbortSignal,
): Promise<Target> {
  const named = model ?? (embedded ? EMBEDDED_MODEL : null);
  let said = "";
  const timeoutMs = options.timeoutMs ?? defaultOf("timeoutMs");
  const connectOnce = (timeoutMs: number) =>
    connect(url, {
      ...how,
      ...(protocol === undefined ? {} : { protocol }),
      embedded,
      signal,
      onProgress: (text) => {
        // A server that starts is asked again and again.
        if (text !== said && (verbose || /^(downloading|loading)/.test(text))) console.error(text);
        said = text;
      },
      ...(started === undefined ? {} : { started }),
      ...(options.loadTimeoutMs === undefined ? {} : { loadTimeoutMs: options.loadTimeoutMs }),
      ...(named === null ? {} : { model: named }),
      ...(inputs === undefined ? {} : { inputs }),
      timeoutMs,
    });
  const target = started === undefined
    ? await whenReady(connectOnce, console, { waitMs, timeoutMs, signal })
    : await whenServing(started, () => connectOnce(timeoutMs), console, signal);
  const strange = await strangeHostWarning(target);
  if (strange !== null) console.error(`Warning: ${strange}`);
  if (verbose) console.error(`protocol ${target.protocol.name}: ${target.protocolEvidence}`);
  return target;
}

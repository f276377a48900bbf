import { TargetError } from "../../core/errors.ts";
import type { Protocol } from "../../core/protocol.ts";
import { defaultOf } from "../../measure/settings/default_of.ts";
import { connectServer, type ServerConnection } from "../../protocols/connect_server.ts";
import { alignWithin } from "../../report/text/align.ts";
import { formatNumber, UNITS } from "../../words/quantity.ts";
import { withoutControls } from "../../words/without_controls.ts";
import type { DownloadCommand, ServerCommand } from "../options/command_line.ts";
import type { Console } from "../terminal/console.ts";
import { EXIT_CODE, type ExitCode } from "../terminal/exit_code.ts";
import { openServer } from "./open_server.ts";
import { whenReady } from "./when_ready.ts";
import { connectOptions } from "./server_access.ts";

/** Lists the models that the server has. */
export function listModels(command: ServerCommand, console: Console, signal: AbortSignal): Promise<ExitCode> {
  return withServer(command, console, signal, async ({ protocol }) => {
    const models = await capability(protocol, "listModels", "list its models")({ signal });
    if (models.length === 0) return "The server has no models. See --list-downloadable.\n";
    return table(
      ["MODEL", "STATE", ""],
      models.map(({ name, loaded, description }) => [
        name,
        loaded === null ? "unknown" : loaded ? "loaded" : "not loaded",
        description ?? "",
      ]),
      console.width,
    );
  });
}

/** Lists the models that the server can download. */
export function listDownloadable(command: ServerCommand, console: Console, signal: AbortSignal): Promise<ExitCode> {
  return withServer(command, console, signal, async ({ protocol }) => {
    const models = await capability(protocol, "listDownloadable", "list what it can download")({ signal });
    if (models.length === 0) return "The server offers no models for download.\n";
    return table(
      ["MODEL", "SOURCE", "TASK", "SIZE"],
      models.map(({ name, source, task, sizeBytes }) => [
        name,
        source,
        task ?? "",
        sizeBytes === null ? "" : formatNumber(sizeBytes, UNITS.mebibytes),
      ]),
      console.width,
    );
  });
}

/** Has the server download a model. */
export function downloadModel(
  command: DownloadCommand,
  console: Console,
  signal: AbortSignal,
): Promise<ExitCode> {
  return withServer(command, console, signal, async ({ protocol }) => {
    const download = capability(protocol, "download", "download models");
    const model = await protocol.downloadName?.(command.model, { signal }) ?? command.model;
    const patience = command.loadTimeoutMs === null ? {} : { loadTimeoutMs: command.loadTimeoutMs };
    await download(model, { signal, ...patience, onProgress: (text) => console.error(text) });
    return `${model} is there.\n`;
  });
}

async function withServer(
  { server, timeoutMs, verbose }: ServerCommand,
  console: Console,
  signal: AbortSignal,
  ask: (connection: ServerConnection) => Promise<string>,
): Promise<ExitCode> {
  const how = await connectOptions(server, console);
  await using opened = await openServer(server, console, { verbose, signal });
  const connect = (timeoutMs: number) => connectServer(opened.url, { ...how, signal, timeoutMs });
  const wait = { waitMs: server.waitMs ?? 0, timeoutMs: timeoutMs ?? defaultOf("timeoutMs"), signal };
  await using connection = await whenReady(connect, console, wait);
  if (verbose) console.error(`protocol ${connection.protocol.name}: ${connection.protocolEvidence}`);
  const text = await ask(connection).catch(async (error) => {
    throw await connection.explained(error);
  });
  await console.write(text);
  return EXIT_CODE.done;
}

function capability<K extends "listModels" | "listDownloadable" | "download">(
  protocol: Protocol,
  name: K,
  words: string,
): NonNullable<Protocol[K]> {
  const method = protocol[name];
  if (method === undefined) {
    throw new TargetError(
      `Cannot ask the server as it must be able to ${words}: protocol ${protocol.name} has no such call`,
    );
  }
  return method.bind(protocol) as NonNullable<Protocol[K]>;
}

/** On a terminal a row goes on below where it is too long; elsewhere it is one line, for programs that read lines. */
function table(head: readonly string[], rows: readonly (readonly string[])[], width = Infinity): string {
  const cells = [head, ...rows.map((row) => row.map(oneLine))];
  const lines = alignWithin(cells, head.map(() => "left"), { cells: width, indent: 4 }).flat();
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}

function oneLine(text: string): string {
  return withoutControls(text).replaceAll("\n", " ");
}

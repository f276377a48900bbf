import { createHash } from "node:crypto";
import { programName } from "../../launch/server_command.ts";
import type { ConnectServerOptions } from "../../protocols/connect_server.ts";
import { RESPONSE_LIMIT } from "../../wire/answer_budget.ts";
import type { RunCommand } from "../options/command_line.ts";
import { withoutPassword } from "../options/option_values.ts";

/**
 * What a command asks for besides the options of the tests, by the keys of its options: a run that goes on has to have the same.
 * Of what may be secret the names alone are told.
 *
 * @param command The command.
 * @param how How it gets at the server.
 */
export function askedOfCommand(
  { workers, start }: Pick<RunCommand, "workers" | "start">,
  how: ConnectServerOptions,
): Record<string, string> {
  const { headers = {}, query = [], access = {}, batched, generic, modelVersion, transport, reregister = false } = how;
  const { generation } = how;
  const { maxResponse: { bytes: mostBytes } = RESPONSE_LIMIT } = how;
  const { proxy, unixSocket } = access;
  const told: Readonly<Record<string, string | undefined>> = {
    "workers": workers === 1 ? undefined : String(workers),
    "headers": namesOf(Object.keys(headers).map((name) => name.toLowerCase())),
    "query": namesOf(query.map(([name]) => name)),
    "access.proxy": proxy === undefined ? undefined : withoutPassword(proxy),
    "access.unixSocket": unixSocket,
    "batched": batched === undefined ? undefined : batched ? "yes" : "no",
    "generation": generation === undefined ? undefined : digestOf(generation),
    "generic": generic === undefined ? undefined : digestOf(generic),
    "modelVersion": modelVersion,
    "transport": transport,
    "maxResponse": mostBytes === RESPONSE_LIMIT.bytes ? undefined : `${mostBytes} bytes`,
    "reregister": reregister ? "on" : undefined,
    "startCommand": start === null ? undefined : programName(start.command),
    "dropCaches": start?.dropCaches ? "on" : undefined,
  };
  return Object.fromEntries(Object.entries(told).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function namesOf(names: readonly string[]): string | undefined {
  return names.length === 0 ? undefined : names.toSorted().join(", ");
}

function digestOf(value: object): string {
  const text = JSON.stringify(value, (_, part) => typeof part === "bigint" ? `${part}n` : part);
  return `sha256 ${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;
}

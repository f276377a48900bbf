import { createHash, type Hash } from "node:crypto";
import { programName } from "../../launch/server_command.ts";
import type { ConnectServerOptions } from "../../protocols/connect_server.ts";
import { GIVEN_INPUTS } from "../../test_types/comprehensive/check_resumed.ts";
import { RESPONSE_LIMIT } from "../../wire/answer_budget.ts";
import type { RawSample } from "../inputs/raw_sample.ts";
import type { RunCommand } from "../options/command_line.ts";
import { withoutPassword } from "../options/option_values.ts";

/**
 * What a command asks for besides the options of the tests, by the keys of its options: a run that goes on has to have the same.
 * Of what may be secret the names alone are told.
 *
 * @param command The command.
 * @param how How it gets at the server.
 * @param raw The items that it gives; `null` where it gives none.
 */
export function askedOfCommand(
  { model, workers, start, inputOverrides: { shapes, datatypes, omitted = [] } }: Pick<
    RunCommand,
    "model" | "workers" | "start" | "inputOverrides"
  >,
  how: ConnectServerOptions,
  raw: readonly RawSample[] | null = null,
): Record<string, string> {
  const { headers = {}, query = [], access = {}, batched, generic, modelVersion, transport, reregister = false } = how;
  const { generation } = how;
  const { maxResponse: { bytes: mostBytes } = RESPONSE_LIMIT } = how;
  const { proxy, unixSocket } = access;
  const told: Readonly<Record<string, string | undefined>> = {
    "model": model ?? undefined,
    [GIVEN_INPUTS]: raw === null ? undefined : digestOfItems(raw),
    "inputs.tensors": namesOf(Object.entries(shapes).map(([name, shape]) => `${name}:${shape}`)),
    "inputs.tensors.datatype": namesOf(Object.entries(datatypes).map(([name, datatype]) => `${name}:${datatype}`)),
    "inputs.tensors.optional": namesOf(omitted),
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
  return shortDigest(createHash("sha256").update(jsonOf(value)));
}

function digestOfItems(raw: readonly RawSample[]): string {
  const hash = createHash("sha256");
  for (const sample of raw) hash.update(jsonOf(contentOf(sample)));
  return shortDigest(hash);
}

/** What files hold, wherever they are. */
function contentOf(sample: RawSample): object {
  if (sample.kind === "item") return sample.item;
  if (sample.kind === "folder") return sample.files.map(({ name, bytes }) => [name, bytes]);
  const { path: _, ...content } = sample;
  return content;
}

function jsonOf(value: object): string {
  return JSON.stringify(value, (_, part) => {
    if (typeof part === "bigint") return `${part}n`;
    if (!ArrayBuffer.isView(part)) return part;
    return createHash("sha256").update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength)).digest("hex");
  });
}

const shortDigest = (hash: Hash) => `sha256 ${hash.digest("hex").slice(0, 16)}`;

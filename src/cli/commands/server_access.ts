import { UsageError } from "../../core/errors.ts";
import { checkedHeaders } from "../../wire/headers.ts";
import type { ConnectServerOptions } from "../../protocols/connect_server.ts";
import { parseGenericSpec } from "../../protocols/generic/spec.ts";
import { parseExactly } from "../../items/exact/exact_json.ts";
import { givenGeneration } from "../inputs/prompts/given_generation.ts";
import { readSmallFile } from "../inputs/read_file.ts";
import { RESPONSE_LIMIT } from "../../wire/answer_budget.ts";
import { type FileOption, optionally } from "../options/access_options.ts";
import type { ServerArguments } from "../options/command_line.ts";
import { addHeaders } from "../options/given_headers.ts";
import { readHeaderLines } from "../options/secrets/header_lines.ts";
import { openToAll } from "../options/secrets/open_to_all.ts";
import type { OpenTokenizer } from "../tokenizer/open_tokenizer.ts";
import type { Console } from "../terminal/console.ts";

/**
 * How to connect by the arguments of a command: reads the files that they name.
 *
 * @param server The arguments.
 * @param console Is told of files with secrets that others may read; left out where it was told.
 * @param tokenizer Counts the tokens of prompts, from `givenTokenizer`.
 * @throws {UsageError} If a file cannot be read, or does not hold what it must. Messages hold no token.
 */
export async function connectOptions(
  { protocol, headers, access }: ServerArguments,
  console?: Pick<Console, "error">,
  tokenizer: OpenTokenizer | null = null,
): Promise<ConnectServerOptions> {
  const {
    query,
    connectionPerRequest,
    files,
    tlsName,
    insecure,
    unixSocket,
    proxy,
    transport,
    maxResponseBytes = RESPONSE_LIMIT.bytes,
    managementUrl,
    metricsUrl,
    reregister,
    modelVersion,
    batched,
    generation,
  } = access;
  const read = async (name: FileOption, what: string) =>
    files[name] === undefined ? undefined : await readSmallFile(files[name], what);
  const all = { ...headers };
  addHeaders(all, await headersOf(files["header-file"]), "--header-file");
  const own = await tokenOf(files["token-file"], "--token-file");
  const management = await tokenOf(files["management-token-file"], "--management-token-file");
  const managementToken = access.managementToken ?? management?.management ?? own?.managementOnly;
  if (own !== undefined) addHeaders(all, [["authorization", `Bearer ${own.inference}`]], "--token-file");
  const genericFile = files["generic"];
  const generic = genericFile === undefined ? undefined : await readGeneric(genericFile);
  checkedHeaders(all);
  for (const option of console === undefined ? [] : await openToAll(files)) {
    console?.error(`Every user of this machine may read the file of --${option}; chmod 600 keeps it to you.`);
  }
  return {
    protocol,
    headers: all,
    managementHeaders: managementToken === undefined ? {} : bearer(managementToken),
    ...optionally("query", query),
    ...optionally("connectionPerRequest", connectionPerRequest),
    reregister,
    access: {
      ...optionally("ca", await read("ca-file", "the authority's certificate")),
      ...optionally("clientCertificate", await read("client-cert", "the client's certificate")),
      ...optionally("clientKey", await read("client-key", "the client's key")),
      ...optionally("tlsName", tlsName),
      ...optionally("insecure", insecure),
      ...optionally("unixSocket", unixSocket),
      ...optionally("proxy", proxy),
    },
    ...optionally("transport", transport),
    maxResponse: { bytes: maxResponseBytes, name: "--max-response" },
    ...optionally("managementUrl", managementUrl),
    ...optionally("metricsUrl", metricsUrl),
    ...optionally("modelVersion", modelVersion),
    ...optionally("batched", batched),
    ...optionally(
      "generation",
      generation && await givenGeneration(generation, tokenizer, (text) => console?.error(text)),
    ),
    ...optionally("generic", generic),
  };
}

/** Neither path nor line is shown: a header may be written where the file's name belongs. */
async function headersOf(path: string | undefined): Promise<[name: string, value: string][]> {
  if (path === undefined) return [];
  const refuse = (_: string, found: string) =>
    new UsageError(`Cannot read headers as the file of "--header-file" must hold them: ${found}`, {
      hint: "Give the file's name; a line of it looks like Authorization: Bearer abc.",
    });
  return readHeaderLines(await readSmallFile(path, "the headers", refuse));
}

/** The tokens of a file: the same for everything, or TorchServe's two. */
interface FileTokens {
  readonly inference: string;
  readonly management: string;
  /** The management token where it is another than the one for predictions. */
  readonly managementOnly: string | undefined;
}

async function tokenOf(path: string | undefined, option: string): Promise<FileTokens | undefined> {
  if (path === undefined) return undefined;
  const refuse = (found: string) =>
    new UsageError(`Cannot read the token as the file of "${option}" must hold it: ${found}`, {
      hint: "The file holds nothing but the token, or it is the key_file.json that TorchServe wrote.",
    });
  const text = (await readSmallFile(path, "the token", (_, found) => refuse(found))).trim();
  if (!text.startsWith("{")) {
    if (text === "") throw refuse("it is empty");
    if (/\s/.test(text)) throw refuse("it has several words");
    return { inference: text, management: text, managementOnly: undefined };
  }
  const keys = keysOf(text);
  if (keys === null) throw refuse("it is JSON without inference.key and management.key");
  return { ...keys, managementOnly: keys.management };
}

function keysOf(text: string): { readonly inference: string; readonly management: string } | null {
  try {
    const { inference, management } = JSON.parse(text);
    const keys = { inference: inference?.key, management: management?.key };
    return typeof keys.inference === "string" && typeof keys.management === "string" ? keys : null;
  } catch {
    return null;
  }
}

async function readGeneric(path: string) {
  const text = await readSmallFile(path, "the generic server");
  const folder = path.replace(/[^/\\]*$/, "");
  const readTemplate = (file: string) => readSmallFile(/^([/\\]|\w:)/.test(file) ? file : folder + file, "the body");
  let description: unknown;
  try {
    description = parseExactly(text);
  } catch (error) {
    const required = error instanceof RangeError ? "its numbers must be such that can be sent" : "it must be JSON";
    throw new UsageError(`Cannot use the generic server of "${path}" as ${required}: ${(error as Error).message}`);
  }
  return await parseGenericSpec(description, path, readTemplate);
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

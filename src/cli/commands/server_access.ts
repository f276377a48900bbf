import { UsageError } from "../../core/errors.ts";
import type { ConnectServerOptions } from "../../protocols/connect_server.ts";
import { parseGenericSpec } from "../../protocols/generic/spec.ts";
import { checkAccess, parseProxy } from "../../wire/access.ts";
import { parseServerUrl } from "../../wire/url.ts";
import type { ServerArguments } from "../options/args.ts";
import { readSmallFile } from "../inputs/file_text.ts";
import { readToken } from "../inputs/given_headers.ts";
import type { GivenOptions } from "../options/given_options.ts";
import type { OptionName } from "../options/options.ts";

/** How to get at a server, besides its URL and its headers. Files are yet to be read. */
export interface AccessArguments {
  /** Files by the options that name them. */
  readonly files: Readonly<Partial<Record<FileOption, string>>>;
  /** Path of a Unix socket. */
  readonly unixSocket?: string;
  /** URL of a proxy. */
  readonly proxy?: string;
  /** Base URL of the management API. */
  readonly managementUrl?: string;
  /** Base URL of the metrics. */
  readonly metricsUrl?: string;
  /** Token of the management API. */
  readonly managementToken?: string;
  /** Whether cold starts register the model anew. */
  readonly reregister: boolean;
  /** Version of the models. */
  readonly modelVersion?: string;
}

const FILE_OPTIONS = [
  "token-file",
  "management-token-file",
  "ca-file",
  "client-cert",
  "client-key",
  "generic",
] as const satisfies readonly OptionName[];

type FileOption = typeof FILE_OPTIONS[number];

/** Options that say how to get at a server. */
export const ACCESS_OPTIONS = [
  "protocol",
  "generic",
  "header",
  "token-env",
  "token-file",
  "management-url",
  "model-version",
  "management-token-env",
  "management-token-file",
  "metrics-url",
  "ca-file",
  "client-cert",
  "client-key",
  "unix-socket",
  "proxy",
] as const satisfies readonly OptionName[];

/**
 * Reads the options that say how to get at a server.
 *
 * @param given The options.
 * @param environment Reads an environment variable.
 * @throws {UsageError} If two of them are for the same thing, or one cannot be.
 */
export function readAccess(
  given: GivenOptions,
  environment: (name: string) => string | undefined,
): AccessArguments {
  for (
    const [one, other] of [["token-env", "token-file"], ["management-token-env", "management-token-file"]] as const
  ) {
    if (given.has(one) && given.has(other)) throw both(one, other);
  }
  if (
    given.has("generic") && (given.choice("protocol", ["auto", "generic"]) ?? "auto") === "auto" &&
    given.has("protocol")
  ) {
    throw both("generic", "protocol");
  }
  const unixSocket = given.text("unix-socket"), proxy = given.text("proxy");
  if (proxy !== undefined) parseProxy(proxy);
  checkAccess({ ...optional("unixSocket", unixSocket), ...optional("proxy", proxy) });
  if (given.has("client-cert") !== given.has("client-key")) {
    throw new UsageError('Cannot read the command line as "--client-cert" and "--client-key" must come together', {
      hint: "A certificate that the client shows needs its private key.",
    });
  }
  return {
    files: Object.fromEntries(FILE_OPTIONS.flatMap((name) => given.has(name) ? [[name, given.text(name)!]] : [])),
    reregister: given.has("reregister"),
    ...optional("modelVersion", given.text("model-version")),
    ...optional("unixSocket", unixSocket),
    ...optional("proxy", proxy),
    ...optional("managementUrl", urlOf(given, "management-url")),
    ...optional("metricsUrl", urlOf(given, "metrics-url")),
    ...optional("managementToken", readToken(given, "management-token-env", environment)),
  };
}

/**
 * How to connect by the arguments of a command: reads the files that they name.
 *
 * @param server The arguments.
 * @throws {UsageError} If a file cannot be read, or does not hold what it must. Messages hold no token.
 */
export async function connectOptions({ protocol, headers, access }: ServerArguments): Promise<ConnectServerOptions> {
  const { files, unixSocket, proxy, managementUrl, metricsUrl, reregister, modelVersion } = access;
  const read = async (name: FileOption, what: string) =>
    files[name] === undefined ? undefined : await readSmallFile(files[name], what);
  const own = await tokenOf(files["token-file"], "--token-file");
  const management = await tokenOf(files["management-token-file"], "--management-token-file");
  const managementToken = access.managementToken ?? management?.management ?? own?.managementOnly;
  const genericFile = files["generic"];
  const generic = genericFile === undefined ? undefined : await readGeneric(genericFile);
  return {
    protocol,
    headers: own === undefined ? headers : { ...headers, ...bearer(own.inference) },
    managementHeaders: managementToken === undefined ? {} : bearer(managementToken),
    reregister,
    access: {
      ...optional("ca", await read("ca-file", "the authority's certificate")),
      ...optional("clientCertificate", await read("client-cert", "the client's certificate")),
      ...optional("clientKey", await read("client-key", "the client's key")),
      ...optional("unixSocket", unixSocket),
      ...optional("proxy", proxy),
    },
    ...optional("managementUrl", managementUrl),
    ...optional("metricsUrl", metricsUrl),
    ...optional("modelVersion", modelVersion),
    ...optional("generic", generic),
  };
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
  const text = (await readSmallFile(path, "the token", (found) => refuse(found))).trim();
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
    description = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`Cannot use the generic server of "${path}" as it must be JSON: ${(error as Error).message}`);
  }
  return await parseGenericSpec(description, path, readTemplate);
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

function urlOf(given: GivenOptions, name: "management-url" | "metrics-url"): string | undefined {
  const url = given.text(name);
  return url === undefined ? undefined : parseServerUrl(url).href;
}

function both(one: OptionName, other: OptionName): UsageError {
  return new UsageError(
    `Cannot read the command line as there must be one of "--${one}" and "--${other}": found both`,
    {
      hint: "Leave one out.",
    },
  );
}

function optional<K extends string, V>(name: K, value: V | undefined): { readonly [N in K]?: V } {
  return value === undefined ? {} : { [name]: value } as { [N in K]: V };
}
